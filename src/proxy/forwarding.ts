import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { DEFAULT_TIMEOUTS } from '../compile/timeouts.js';
import type { Node } from '../upstream/upstream.js';
import type { Exchange } from './exchange.js';
import { FAULT_STATUS, faultOf, type Fault } from './fault.js';
import { responseHeaders } from './headers.js';
import { pathOf, requestHeaders, serverName } from './outgoing.js';
import { limitTime } from './patience.js';
import { respond } from './respond.js';

/** One exchange on its way to the upstream and back. */
export class Forwarding {
  readonly #x: Exchange;
  #upstream: ClientRequest | undefined;
  #expired: Fault | undefined;
  /** The client takes the end of the connection for the end of the body. */
  #untilClose = false;

  constructor(x: Exchange, private readonly report: (error: unknown) => void) {
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
    const repeatable = !fresh && !body && IDEMPOTENT.has(this.#x.method);
    const upstream = scheme.request({
      host: options.host, port: options.port, method: this.#x.method, path: pathOf(this.#x), setHost: false,
      headers: requestHeaders(this.#x, node), agent: fresh ? false : agent, rejectUnauthorized: options.verify,
      ...(options.scheme === 'https' && { servername: serverName(this.#x, node) }),
    });
    this.#upstream = upstream;
    // all of them: Node would drop those beyond 1000 without a word
    upstream.maxHeadersCount = 0;
    let before = 0;
    upstream.on('socket', (socket) => (before = socket.bytesRead));
    limitTime(upstream, req, res, route?.timeouts ?? DEFAULT_TIMEOUTS, (wait) => {
      this.#expired = wait === 'sender' || wait === 'reader' ? 'client-timeout' : 'timeout';
      upstream.destroy();
    });
    upstream.on('response', (answer) => this.#relay(answer));
    upstream.on('error', (error) => {
      // a kept connection that the upstream closed in the meantime: it answered nothing
      const silent = upstream.socket?.bytesRead === before;
      const stale = upstream.reusedSocket && repeatable && silent && !this.#expired && !res.headersSent && faultOf(error) === 'reset';
      if (stale && !res.destroyed) this.#send(node, body, true);
      else this.#fail(this.#expired ?? faultOf(error));
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

  #relay(answer: IncomingMessage): void {
    const { res, route } = this.#x;
    const status = answer.statusCode ?? 0;
    if (res.headersSent || res.destroyed || !isSound(answer)) {
      this.#upstream?.destroy();
      if (!res.destroyed) this.#fail('malformed');
      return;
    }
    const head = { status, headers: responseHeaders(answer.rawHeaders, status) };
    if (status >= 500) head.headers.push('X-APISIX-Upstream-Status', String(status));
    head.headers.push('Server', 'gateway');
    try {
      for (const filter of route?.chain.headerFilters ?? []) filter(this.#x, head);
      res.writeHead(head.status, answer.statusMessage ?? '', head.headers);
    } catch (error) {
      // a bug of a plugin: the client gets no answer that it did not shape
      this.report(error);
      this.#upstream?.destroy();
      return respond(res, { status: 500 });
    }
    this.#untilClose = !res.chunkedEncoding && answer.headers['content-length'] === undefined;
    answer.once('aborted', () => this.#cut());
    // a truncated answer cuts the client's connection: it must not look whole
    pipeline(answer, res, () => {});
  }

  /** Ends an answer that is not whole. */
  #cut(): void {
    const { res } = this.#x;
    // a body that ends with its connection (HTTP/1.0) would look whole: only a reset tells that it is not
    if (this.#untilClose) res.socket?.resetAndDestroy();
    else res.destroy();
  }

  #fail(fault: Fault): void {
    const { res, req } = this.#x;
    if (res.destroyed || res.writableEnded) return;
    if (res.headersSent) return this.#cut();
    req.unpipe();
    respond(res, { status: FAULT_STATUS[fault] }, !req.complete);
  }
}

/** Whether an answer can be passed on: a status that clients know, a reason of one line, a coding that ends. */
function isSound(answer: IncomingMessage): boolean {
  const status = answer.statusCode ?? 0;
  const coding = answer.headers['transfer-encoding'];
  return status >= 200 && status <= 599 && !/[^\t\x20-\x7e\x80-\xff]/.test(answer.statusMessage ?? '')
    && (coding === undefined || coding.toLowerCase() === 'chunked');
}

/** Methods which may be sent twice (RFC 9110, section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
