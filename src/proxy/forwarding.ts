import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { formatAddress } from '../upstream/address.js';
import type { Node } from '../upstream/upstream.js';
import type { Exchange } from './exchange.js';
import { FAULT_STATUS, faultOf, type Fault } from './fault.js';
import { endToEnd, responseHeaders } from './headers.js';
import { respond } from './respond.js';

/** One exchange on its way to the upstream and back. */
export class Forwarding {
  readonly #x: Exchange;
  #upstream: ClientRequest | undefined;
  #timedOut = false;

  constructor(x: Exchange) {
    this.#x = x;
  }

  start(): void {
    const { route, res } = this.#x;
    const node = route?.upstream?.balancer.pick();
    if (!node) return this.#fail('no-upstream');
    this.#x.node = node;
    res.once('close', () => {
      if (!res.writableFinished) this.#upstream?.destroy();
    });
    this.#send(node, hasBody(this.#x.req));
  }

  #send(node: Node, body: boolean, fresh = false): void {
    const { req, res, route } = this.#x;
    const { options, agent } = node.pool;
    const scheme = options.scheme === 'https' ? https : http;
    const upstream = scheme.request({
      host: options.host, port: options.port, method: this.#x.method, path: pathOf(this.#x), setHost: false,
      headers: requestHeaders(this.#x, node), agent: fresh ? false : agent, rejectUnauthorized: options.verify,
      ...(options.scheme === 'https' && { servername: serverName(this.#x, node) }),
    });
    this.#upstream = upstream;
    if (route) this.#watchTime(upstream, route.timeouts.connect, route.timeouts.read);
    upstream.on('response', (answer) => this.#relay(answer));
    upstream.on('error', (error) => {
      // a kept connection that the upstream closed in the meantime: nothing of the request was lost
      const stale = upstream.reusedSocket && !body && !fresh && !this.#timedOut && !res.headersSent && faultOf(error) === 'reset';
      if (stale && !res.destroyed) this.#send(node, body, true);
      else this.#fail(this.#timedOut ? 'timeout' : faultOf(error));
    });
    upstream.on('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#fail('malformed');
    });
    if (!body) return void upstream.end();
    if (req.expectsContinue) res.writeContinue();
    // errors arrive at the upstream request; an aborted client ends it through `close` above
    req.pipe(upstream);
  }

  /** Connecting has its own limit; from then on the upstream may be silent for `read` at a time. */
  #watchTime(upstream: ClientRequest, connect: number, read: number): void {
    const expire = (): void => {
      this.#timedOut = true;
      upstream.destroy();
    };
    upstream.on('socket', (socket) => {
      if (!socket.connecting) return void upstream.setTimeout(read, expire);
      const timer = setTimeout(expire, connect);
      socket.once('connect', () => {
        clearTimeout(timer);
        upstream.setTimeout(read, expire);
      });
      socket.once('close', () => clearTimeout(timer));
    });
  }

  #relay(answer: IncomingMessage): void {
    const { res, route } = this.#x;
    const status = answer.statusCode ?? 0;
    if (res.headersSent || res.destroyed || status < 200 || status > 599) {
      this.#upstream?.destroy();
      if (!res.destroyed) this.#fail('malformed');
      return;
    }
    const head = { status, headers: responseHeaders(answer.rawHeaders) };
    if (status >= 500) head.headers.push('X-APISIX-Upstream-Status', String(status));
    head.headers.push('Server', 'gateway');
    for (const filter of route?.chain.headerFilters ?? []) filter(this.#x, head);
    if (!this.#writeHead(res, head.status, answer.statusMessage, head.headers)) {
      answer.destroy();
      return this.#fail('malformed');
    }
    // a truncated answer destroys the client's connection: it must not look whole
    pipeline(answer, res, () => {});
  }

  #writeHead(res: ServerResponse, status: number, reason: string | undefined, headers: string[]): boolean {
    try {
      res.writeHead(status, reason ?? '', headers);
      return true;
    } catch {
      return false;
    }
  }

  #fail(fault: Fault): void {
    const { res, req } = this.#x;
    if (res.destroyed || res.writableEnded) return;
    req.unpipe();
    respond(res, { status: FAULT_STATUS[fault] }, !req.complete);
  }
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function pathOf(x: Exchange): string {
  return x.query === undefined ? x.path : `${x.path}?${x.query}`;
}

function requestHeaders(x: Exchange, node: Node): string[] {
  const { req, credential, route } = x;
  const host = route?.upstream?.host?.(node) ?? x.authority;
  const remote = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const headers = [
    'Host', host, ...endToEnd(req.rawHeaders, x.removed),
    'X-Real-IP', remote, 'X-Forwarded-For', remote, 'X-Forwarded-Proto', 'http', 'X-Forwarded-Host', x.authority,
    'X-Forwarded-Port', /:(\d+)$/.exec(x.authority)?.[1] ?? String(req.socket.localPort ?? ''), 'Connection', 'keep-alive',
  ];
  if (req.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  if (credential) {
    headers.push('X-Consumer-Username', credential.consumer.username);
    if (credential.id !== undefined) headers.push('X-Credential-Identifier', credential.id);
    if (credential.consumer.customId !== undefined) headers.push('X-Consumer-Custom-ID', credential.consumer.customId);
  }
  return headers;
}

/** The name that the TLS handshake asks for: that of the Host that is sent. */
function serverName(x: Exchange, node: Node): string {
  const host = x.route?.upstream?.host?.(node) ?? x.authority;
  const name = host.replace(/:\d+$/, '');
  return /^[\d.]+$|^\[/.test(name) ? '' : (name || formatAddress(node.host));
}
