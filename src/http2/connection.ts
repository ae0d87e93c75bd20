import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import type { PoolOptions, ResponseSink, UpstreamRequest } from '../http1/index.js';
import { Exchange, type Carrier } from './exchange.js';
import { headersOf } from './head.js';

/** Until the upstream says how many streams it takes at once. */
const STREAMS_AT_FIRST = 100;
/** Bytes that the upstream may send on all streams before some of them are read. */
const WINDOW = 1024 * 1024;
const SETTINGS = { enablePush: false, initialWindowSize: 256 * 1024 } as const;

/** Whom a connection tells of its end, and asks for the time. */
export interface Keeper {
  readonly options: PoolOptions;
  now(): number;
  remove(connection: Connection): void;
}

/** One connection to an upstream, and the exchanges that share it. */
export class Connection implements Carrier {
  readonly #session: ClientHttp2Session;
  readonly #exchanges = new Set<Exchange>();
  #connected = false;
  #failure: string | undefined;
  #lastStream: number | undefined;
  #served = 0;
  #draining = false;
  #idleSince: number;

  constructor(private readonly keeper: Keeper) {
    const { options } = keeper;
    this.#idleSince = keeper.now();
    this.#session = connectHttp2(`${options.tls ? 'https' : 'http'}://upstream`, { settings: SETTINGS, createConnection: () => this.#open() });
    this.#session.on('error', (error: NodeJS.ErrnoException) => (this.#failure ??= error.code));
    this.#session.once('connect', () => this.#establish());
    this.#session.once('goaway', (_code, lastStream: number) => {
      this.#lastStream = lastStream;
      this.#draining = true;
    });
    this.#session.once('close', () => {
      this.#draining = true;
      keeper.remove(this);
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get reused(): boolean {
    return this.#served > 1;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  get lastStream(): number | undefined {
    return this.#lastStream;
  }

  /** Exchanges under way. */
  get busy(): number {
    return this.#exchanges.size;
  }

  /** Whether another exchange finds room. */
  get free(): boolean {
    const { remoteSettings } = this.#session;
    const most = this.#connected ? (remoteSettings?.maxConcurrentStreams ?? STREAMS_AT_FIRST) : STREAMS_AT_FIRST;
    return !this.#draining && !this.#session.closed && !this.#session.destroyed && this.busy < most;
  }

  now(): number {
    return this.keeper.now();
  }

  start(request: UpstreamRequest, sink: ResponseSink): Exchange {
    this.#served++;
    if (this.#served >= this.keeper.options.requests) this.#draining = true;
    const headers = headersOf(request.head, this.keeper.options.tls ? 'https' : 'http');
    const grpc = String(headers['content-type'] ?? '').startsWith('application/grpc');
    // clients of gRPC send no trailers, and to wait for some costs a frame
    const stream = this.#session.request(headers, { endStream: request.body === 0, waitForTrailers: request.body === 'chunked' && !grpc });
    const exchange = new Exchange(request, sink, stream, this);
    this.#exchanges.add(exchange);
    return exchange;
  }

  release(exchange: Exchange, suspect: boolean): void {
    this.#exchanges.delete(exchange);
    this.#idleSince = this.keeper.now();
    if (suspect) this.#draining = true;
    if (this.#draining && this.busy === 0) this.#session.close();
  }

  /** Takes no further exchange, and closes after the last. */
  close(): void {
    this.#draining = true;
    if (this.busy === 0) this.#session.close();
  }

  check(now: number): void {
    for (const exchange of this.#exchanges) exchange.check(now);
    if (this.busy > 0) return;
    const idle = now - this.#idleSince;
    if (!this.#connected ? idle > 0 && this.#draining : idle >= this.keeper.options.idleTimeout) this.#session.destroy();
  }

  #open(): net.Socket {
    const { host, address = host, port, tls: secure } = this.keeper.options;
    const socket = secure ? tls.connect({ ...secure, host: address, port, ALPNProtocols: ['h2'] }) : net.connect({ host: address, port });
    return socket.setNoDelay(true).setKeepAlive(true, 30_000);
  }

  #establish(): void {
    if (this.#session.alpnProtocol !== 'h2' && this.#session.alpnProtocol !== 'h2c') {
      this.#failure = 'NO_HTTP2';
      this.#session.destroy();
      return;
    }
    this.#connected = true;
    this.#session.setLocalWindowSize(WINDOW);
  }
}
