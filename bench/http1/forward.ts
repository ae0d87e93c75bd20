import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  Pool, type ResponseHead, type ResponseSink, type UpstreamExchange, type UpstreamFault,
} from '../../src/http1/index.js';

const TIMEOUTS = { connect: 60_000, send: 60_000, read: 60_000 };
const HOP = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'expect',
]);

/** The least that an honest forwarder does: hop-by-hop fields, both bodies with backpressure, aborts, faults. */
export class Forward implements ResponseSink {
  readonly #res: ServerResponse;
  #exchange: UpstreamExchange | undefined;

  constructor(pool: Pool, host: string, req: IncomingMessage, res: ServerResponse) {
    this.#res = res;
    const body = bodyOf(req);
    const head = requestHead(req, host, body);
    this.#exchange = pool.send({ method: req.method ?? 'GET', head, body, timeouts: TIMEOUTS }, this);
    if (body !== 0) this.#upload(req, this.#exchange);
    res.on('close', () => this.#exchange?.abort());
  }

  #upload(req: IncomingMessage, exchange: UpstreamExchange): void {
    req.on('data', (chunk: Buffer) => { if (!exchange.write(chunk)) req.pause(); });
    req.on('end', () => exchange.end());
  }

  onWhole(head: ResponseHead, body: string): void {
    this.#res.writeHead(head.status, head.reason, head.headers);
    this.#res.end(body, 'latin1');
  }

  onInformational(): void {}

  onHead(head: ResponseHead): void {
    this.#res.writeHead(head.status, head.reason, head.headers);
  }

  onData(chunk: Buffer): boolean {
    if (this.#res.write(chunk)) return true;
    this.#res.once('drain', () => this.#exchange?.resume());
    return false;
  }

  onEnd(): void {
    this.#res.end();
  }

  onDrain(): void {
    this.#res.req.resume();
  }

  onUpgrade(_head: ResponseHead, socket: Socket): void {
    socket.destroy();
  }

  onFault(fault: UpstreamFault): void {
    if (fault.responseStarted) this.#res.destroy();
    else this.#res.writeHead(502).end(fault.message);
  }
}

// By rawHeaders: `req.headers` is built on its first use, at a cost of its own.
function bodyOf(req: IncomingMessage): number | 'chunked' {
  const raw = req.rawHeaders;
  let body: number | 'chunked' = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (name.length === 14 && name.toLowerCase() === 'content-length') body = Number(raw[i + 1]);
    else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') body = 'chunked';
  }
  return body;
}

function requestHead(req: IncomingMessage, host: string, body: number | 'chunked'): string {
  const raw = req.rawHeaders;
  let head = `${req.method} ${req.url} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (!HOP.has(name.toLowerCase())) head += `${name}: ${raw[i + 1]}\r\n`;
  }
  return body === 'chunked' ? `${head}Transfer-Encoding: chunked\r\n\r\n` : `${head}\r\n`;
}
