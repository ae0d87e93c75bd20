import type { TLSSocket } from 'node:tls';
import { GATEWAYS_OWN } from '../header-names.js';
import type { Details, Endpoint } from '../plugins/plugin.js';
import type { Exchange } from './exchange.js';
import { alike, isRemoved } from './fields.js';

/** What is told of an exchange: worked out when it is asked for, so that it costs nothing otherwise. */
export class ExchangeDetails implements Details {
  readonly #x: Exchange;

  constructor(x: Exchange) {
    this.#x = x;
  }

  get peer(): Endpoint {
    const { remoteAddress = '', remotePort = 0 } = this.#x.req.socket;
    return { host: remoteAddress, port: remotePort };
  }

  get local(): Endpoint {
    const { localAddress = '', localPort = 0 } = this.#x.req.socket;
    return { host: localAddress, port: localPort };
  }

  get tls(): Details['tls'] {
    const socket = this.#x.req.socket as Partial<TLSSocket>;
    if (socket.encrypted !== true) return undefined;
    return { protocol: socket.getProtocol?.() ?? undefined, cipher: socket.getCipher?.().name, serverName: socket.servername || undefined };
  }

  get httpVersion(): string {
    return this.#x.req.httpVersion;
  }

  get target(): string {
    return this.#x.req.url ?? '';
  }

  get authority(): string {
    return this.#x.authority;
  }

  get port(): string {
    return this.#x.origin.port;
  }

  get uri(): string {
    return this.#x.uri;
  }

  get parameters(): ReadonlyMap<string, string> | undefined {
    return this.#x.parameters;
  }

  get startedAt(): number {
    return performance.timeOrigin + this.#x.began;
  }

  get elapsed(): number {
    return performance.now() - this.#x.began;
  }

  get bodyKnown(): boolean {
    return this.#x.bodyAsked || this.#x.bodySize === 0;
  }

  get body(): Buffer | undefined {
    return this.#x.bodySize === 0 ? Buffer.alloc(0) : this.#x.content?.whole;
  }

  get status(): number | undefined {
    const { res, head } = this.#x;
    return res.headersSent ? res.statusCode : head?.status;
  }

  get responseHeaders(): readonly string[] {
    return this.#x.head?.headers ?? [];
  }

  get bodyBytes(): number {
    return this.#x.bodyBytes;
  }

  get node(): Endpoint | undefined {
    return this.#x.node;
  }

  get upstreamStatuses(): readonly number[] {
    return this.#x.attempts ?? [];
  }

  get upstreamTimes(): Details['upstreamTimes'] {
    const { askedAt, headAt, endedAt } = this.#x;
    return { head: headAt > 0 ? headAt - askedAt : undefined, end: endedAt > 0 ? endedAt - askedAt : undefined };
  }

  forwardedValues(name: string): readonly string[] {
    const { req: { rawHeaders }, removed, added = [] } = this.#x;
    const values: string[] = [];
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const lower = (rawHeaders[i] ?? '').toLowerCase();
      if (lower.replaceAll('-', '_') === name && !(removed && isRemoved(removed, lower)) && !this.#isInvention(lower)) values.push(rawHeaders[i + 1] ?? '');
    }
    for (let i = 0; i < added.length; i += 2) {
      if ((added[i] ?? '').toLowerCase().replaceAll('-', '_') === name) values.push(added[i + 1] ?? '');
    }
    return values;
  }

  /** Whether a client's header says what is the gateway's, or a believed proxy's, to say. */
  #isInvention(lower: string): boolean {
    const seen = alike(lower);
    if (seen.startsWith('x-consumer-') || seen === 'x-credential-identifier') return true;
    return GATEWAYS_OWN.has(seen) && (seen !== lower || !this.#x.origin.isBelieved);
  }
}
