import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { RoutingTable } from '../compile/table.js';
import type { Exchange } from '../proxy/exchange.js';
import { Gateway } from '../proxy/gateway.js';
import { createServer } from '../proxy/server.js';
import type { CaseConfig } from '../schema/cases.js';
import { bodyOf, headerLines } from './answer.js';
import type { PortOf } from './ports.js';
import type { Received, Stubs } from './stub.js';

/** What came of a request. */
export interface Observed {
  readonly status: number;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** As it is at its end; undefined when the request was refused as it stands. */
  readonly exchange: Exchange | undefined;
  /** What nodes received, attempt by attempt. */
  readonly received: readonly Received[];
  /** Bugs of the gateway that it met. */
  readonly errors: readonly unknown[];
}

/** What is sent. */
export type Sent = Pick<CaseConfig, 'request' | 'headers' | 'body' | 'from' | 'answer'>;

/** Milliseconds that a request may take; no stub takes longer than ten seconds. */
const LIMIT_MS = 15_000;

/** A whole gateway on a port of the loopback that nobody else knows of; its upstreams are stubs. */
export class Rig {
  readonly #gateway: Gateway;
  readonly #server: http.Server;
  #from = '';
  #port = 0;
  #secure = false;
  #exchange: Exchange | undefined;
  #over: Promise<void> = Promise.resolve();
  #errors: unknown[] = [];

  private constructor(table: RoutingTable, private readonly stubs: Stubs, private readonly portOf: PortOf) {
    this.#gateway = new Gateway(table, (event) => void (event.type === 'error' && this.#errors.push(event.error)), (req, res) => {
      this.#over = once(res, 'close').then(() => { this.#exchange = req.exchange; });
    });
    this.#server = createServer(this.#gateway);
    this.#server.prependListener('connection', (socket: Socket) => this.#disguise(socket));
  }

  /** Makes a connection look like what it stands for. */
  #disguise(socket: Socket): void {
    Object.defineProperties(socket, { remoteAddress: { value: this.#from }, localPort: { value: this.#port } });
    // what tells the connections apart that TLS was spoken on
    if (this.#secure) Object.defineProperty(socket, 'encrypted', { value: true });
  }

  /** Opens a gateway on a table, whose requests are told to have come to these ports: its own would make answers differ each time. */
  static async open(table: RoutingTable, stubs: Stubs, portOf: PortOf): Promise<Rig> {
    const rig = new Rig(table, stubs, portOf);
    rig.#server.listen(0, '127.0.0.1');
    await once(rig.#server, 'listening');
    return rig;
  }

  /** Sends a request over a connection of its own, and tells what came of it; fails with NoAnswer when nothing comes. */
  async send(config: Sent): Promise<Observed> {
    this.stubs.begin([config.answer ?? []].flat());
    this.#from = config.from;
    this.#secure = config.request.includes(' https://');
    this.#port = this.portOf(this.#secure, namedPort(config.request));
    this.#errors = [];
    this.#exchange = undefined;
    // what is no request at all is observed by nobody
    this.#over = Promise.resolve();
    const { statusCode: status = 0, rawHeaders, body } = await exchange(config, (this.#server.address() as AddressInfo).port).catch(unanswered);
    await this.#over;
    return { status, rawHeaders, body, exchange: this.#exchange, received: this.stubs.received, errors: this.#errors };
  }

  /** Closes it, and lets go of what its table leased. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    this.#gateway.table.retire(() => {});
  }
}

/** That no answer came, in words. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

function unanswered(error: unknown): never {
  const late = error instanceof Error && error.name === 'AbortError';
  throw new NoAnswer(late ? `none within ${LIMIT_MS / 1000} s: is the body as long as its Content-Length says?` : `none: ${String(error)}`, { cause: error });
}

interface Answered {
  readonly statusCode: number | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

async function exchange(config: Sent, port: number): Promise<Answered> {
  const [method = '', target = ''] = config.request.split(' ');
  const { host, path } = placeOf(target);
  const { bytes, type } = bodyOf(config.body);
  const sent = headerLines(config.headers ?? {});
  const names = new Set(Object.keys(config.headers ?? {}).map((name) => name.toLowerCase()));
  const isFramed = names.has('content-length') || names.has('transfer-encoding') || (config.body === undefined && BODILESS.has(method));
  const own = [
    ...(names.has('host') ? [] : ['Host', host]),
    ...(type === undefined || names.has('content-type') ? [] : ['Content-Type', type]),
    ...(isFramed ? [] : ['Content-Length', String(bytes.length)]),
  ];
  const req = http.request({ host: '127.0.0.1', port, method, path, agent: false, setHost: false, headers: [...own, ...sent] as never, signal: AbortSignal.timeout(LIMIT_MS) });
  req.end(bytes);
  return answerTo(req);
}

/** Methods of which nobody expects a body: of others it is said that there is none (RFC 9110, section 8.6). */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

async function answerTo(req: http.ClientRequest): Promise<Answered> {
  const [res, socket, head] = await Promise.race([once(req, 'response'), once(req, 'connect')]) as [http.IncomingMessage, Socket?, Buffer?];
  // what comes behind the head of an answer to CONNECT is no body to Node
  const body = socket ? Buffer.concat([head ?? Buffer.alloc(0), await buffer(socket)]) : await buffer(res);
  return { statusCode: res.statusCode, rawHeaders: res.rawHeaders, body };
}

/** Host and path of a target; of a bare path the host is this machine. */
function placeOf(target: string): { readonly host: string; readonly path: string } {
  const [, host, path = ''] = /^https?:\/\/([^/?]*)(.*)$/.exec(target) ?? [];
  if (host === undefined) return { host: 'localhost', path: target };
  return { host, path: path.startsWith('/') ? path : `/${path}` };
}

/** The port of `GET http://example.com:8080/`. */
function namedPort(request: string): number | undefined {
  const [, port] = /^\S+ https?:\/\/[^/?]*:(\d+)(?:[/?]|$)/.exec(request) ?? [];
  return port === undefined ? undefined : Number(port);
}
