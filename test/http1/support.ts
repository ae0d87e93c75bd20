import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import {
  Pool, type PoolOptions, type ResponseHead, type ResponseSink, type Ticker, type Timeouts, type UpstreamExchange,
  type UpstreamFault, type UpstreamRequest,
} from '../../src/http1/index.js';

export const PATIENT: Timeouts = { connect: Infinity, send: Infinity, read: Infinity };

/** A request without a body. */
export function get(method = 'GET'): UpstreamRequest {
  return { method, head: `${method} / HTTP/1.1\r\nHost: test\r\n\r\n`, body: 0, timeouts: PATIENT };
}

/** A request with a body. */
export function post(body: number | 'chunked', more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const framing = body === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${body}`;
  return { method: 'POST', head: `POST / HTTP/1.1\r\nHost: test\r\n${framing}\r\n\r\n`, body, timeouts: PATIENT, ...more };
}

/** A clock that only the test advances. */
export class ManualTicker implements Ticker {
  now = 0;
  readonly interval = 100;
  readonly watchers = new Set<(now: number) => void>();

  watch(onTick: (now: number) => void): void {
    this.watchers.add(onTick);
  }

  unwatch(onTick: (now: number) => void): void {
    this.watchers.delete(onTick);
  }

  advance(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= this.interval) {
      this.now += this.interval;
      for (const onTick of this.watchers) onTick(this.now);
    }
  }
}

/** A sink that keeps what it is told, and resolves `done` at the end of whatever kind. */
export class Recorder implements ResponseSink {
  readonly events: string[] = [];
  readonly informational: ResponseHead[] = [];
  readonly chunks: Buffer[] = [];
  head: ResponseHead | undefined;
  trailers: readonly string[] | undefined;
  fault: UpstreamFault | undefined;
  socket: Socket | undefined;
  first: Buffer | undefined;
  readonly done: Promise<Recorder>;
  #resolve: (recorder: Recorder) => void = () => {};

  constructor() {
    this.done = new Promise((resolve) => { this.#resolve = resolve; });
  }

  get failed(): boolean {
    return this.fault !== undefined;
  }

  get body(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  onInformational(head: ResponseHead): void {
    this.events.push(`informational ${head.status}`);
    this.informational.push(head);
  }

  onHead(head: ResponseHead): void {
    this.events.push('head');
    this.head = head;
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    return true;
  }

  onEnd(trailers: readonly string[]): void {
    this.events.push('end');
    this.trailers = trailers;
    this.#resolve(this);
  }

  onDrain(): void {
    this.events.push('drain');
  }

  onUpgrade(head: ResponseHead, socket: Socket, first: Buffer): void {
    this.events.push('upgrade');
    this.head = head;
    this.socket = socket;
    this.first = first;
    this.#resolve(this);
  }

  onFault(fault: UpstreamFault): void {
    this.events.push(`fault ${fault.kind}`);
    this.fault = fault;
    this.#resolve(this);
  }
}

/** A recorder that takes small responses whole. */
export class WholeRecorder extends Recorder {
  onWhole(head: ResponseHead, body: string): void {
    this.events.push('whole');
    this.head = head;
    this.chunks.push(Buffer.from(body, 'latin1'));
    this.events.push('(whole)');
    super.onEnd([]);
  }
}

/** A raw server and a pool for it; both end with the test. */
export interface Bench {
  readonly pool: Pool;
  readonly server: Server;
  readonly port: number;
  /** Every connection accepted, in order. */
  readonly sockets: Socket[];
  readonly ticker: ManualTicker;
  /** Sends, and records what comes of it. */
  send(request?: UpstreamRequest, sink?: Recorder): { sink: Recorder; exchange: UpstreamExchange };
  /** Sends, and waits for the end. */
  fetch(request?: UpstreamRequest): Promise<Recorder>;
}

/** Serves each connection with `serve`. */
export async function bench(t: TestContext, serve: (socket: Socket) => void, options: Partial<PoolOptions> = {}): Promise<Bench> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ticker = new ManualTicker();
  const pool = new Pool({ host: '127.0.0.1', port, size: 10, idleTimeout: 60_000, requests: 1000, ticker, ...options });
  t.after(() => {
    pool.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const send = (request = get(), sink = new Recorder()): { sink: Recorder; exchange: UpstreamExchange } =>
    ({ sink, exchange: pool.send(request, sink) });
  return { pool, server, port, sockets, ticker, send, fetch: (request) => send(request).sink.done };
}

/** Serves one request after the other: calls `answer` when the head of each has arrived. */
export function perRequest(answer: (socket: Socket, count: number) => void): (socket: Socket) => void {
  let count = 0;
  return (socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4);
        answer(socket, count++);
      }
    });
  };
}

/** Answers every request with the same bytes. */
export function always(response: string): (socket: Socket) => void {
  return perRequest((socket) => void socket.write(response, 'latin1'));
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
