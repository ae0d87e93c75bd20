import type { Socket } from 'node:net';
import { DEFAULT_TIMEOUTS } from '../compile/timeouts.js';
import type { ResponseHead, ResponseSink, UpstreamExchange, UpstreamFault, UpstreamRequest } from '../http1/index.js';
import type { Node, Timeouts, Upstream } from '../upstream/upstream.js';
import { RequestBody } from './body.js';
import type { Exchange } from './exchange.js';
import { FAULT_STATUS, faultOf, type Fault } from './fault.js';
import { switchesToWebSocket } from './handshake.js';
import { requestHead, upstreamHost } from './request-head.js';
import { endWhole, respond, respondBare } from './respond.js';
import { informational, responseHeaders, trailerPairs } from './response.js';
import { Attempts } from './retry.js';
import type { Tunnels } from './tunnels.js';

/** Who is told what an exchange meets, and takes what becomes of it. */
export interface Keeper {
  /** Tells of a bug of ours. */
  report(error: unknown): void;
  /** Tells that an upstream failed an exchange, whether or not another attempt follows. */
  failed(x: Exchange, fault: UpstreamFault): void;
  /** Take what becomes a WebSocket. */
  readonly tunnels: Tunnels;
}

/** One exchange on its way to an upstream and back: the request that is sent, and where its response goes. */
export class Forwarding implements ResponseSink, UpstreamRequest {
  readonly method: string;
  readonly body: number | 'chunked';
  readonly timeouts: Timeouts;
  readonly expectContinue: boolean;
  readonly upgrade: boolean;
  head = '';
  fresh = false;
  readonly #x: Exchange;
  #upstream: UpstreamExchange | undefined;
  #content: RequestBody | undefined;
  #attempts: Attempts | undefined;
  /** The node whose load this counts in. */
  #counted: Node | undefined;
  #waitsForClient = false;
  /** The client takes the end of its connection for the end of the body. */
  #untilClose = false;

  constructor(x: Exchange, private readonly keeper: Keeper) {
    this.#x = x;
    x.res.forwarding = this;
    this.method = x.method;
    this.body = x.bodySize;
    this.expectContinue = x.req.expectsContinue;
    this.upgrade = x.tunnels;
    this.timeouts = x.route?.timeouts ?? DEFAULT_TIMEOUTS;
  }

  start(waited = false): void {
    const { upstream } = this.#x.route ?? {};
    const node = upstream?.balancer.pick(this.#x);
    if (!upstream || !node) return waited ? this.#fail('no-upstream') : this.#wait(upstream);
    if (upstream.retryTimeout > 0) this.#attempts = new Attempts(this.#x, upstream, this.method);
    if (this.body !== 0) this.#content = this.#x.content ??= new RequestBody(this.#x.req);
    this.#send(node);
  }

  /** Whether the client may take its time with its body. */
  get leisurely(): boolean {
    return this.#x.node?.pool.leisurely === true;
  }

  /** Without a node: until its name was looked up, if that is all that lacks. */
  #wait(upstream: Upstream | undefined): void {
    const again = (): void => {
      if (!this.#x.res.destroyed) this.start(true);
    };
    if (upstream?.members.wait?.(again, this.timeouts.connect) !== true) this.#fail('no-upstream');
  }

  /** The client has left: nobody waits for the upstream any more. */
  abandon(): void {
    this.#uncount();
    this.#upstream?.abort();
  }

  /** The client has stopped sending its body. */
  expire(): void {
    this.#upstream?.abort();
    if (this.#x.res.headersSent) this.#cut();
    else this.#fail('client-timeout');
  }

  #send(node: Node): void {
    this.#x.node = node;
    this.#count(node);
    this.#x.askedAt = performance.now();
    this.#x.headAt = 0;
    this.head = requestHead(this.#x, node, this.body === 'chunked');
    this.#upstream = node.pool.send(this, this, upstreamHost(this.#x, node));
    this.#content?.sendTo(this.#upstream);
  }

  #count(node: Node): void {
    node.load.inFlight++;
    this.#counted = node;
  }

  #uncount(): void {
    if (!this.#counted) return;
    this.#counted.load.inFlight--;
    this.#counted = undefined;
  }

  onInformational(head: ResponseHead): void {
    // the upstream decides about 100 Continue; a client that does not wait for it is not kept waiting
    informational(this.#x.res, head);
  }

  /** A small response that arrived at once. */
  onWhole(head: ResponseHead, body: string): void {
    if (this.#writeHead(head)) endWhole(this.#x.res, body);
    this.#x.bodyBytes = body.length;
    this.#finish();
  }

  onHead(head: ResponseHead): void {
    this.#content?.commit();
    this.#writeHead(head);
  }

  onData(chunk: Buffer): boolean {
    const { res } = this.#x;
    this.#x.bodyBytes += chunk.length;
    if (res.write(chunk)) return true;
    if (!this.#waitsForClient) this.#awaitReader();
    return false;
  }

  onEnd(trailers: readonly string[]): void {
    const { res } = this.#x;
    if (trailers.length > 0 && !res.destroyed) res.addTrailers(trailerPairs(trailers));
    res.end();
    this.#finish();
  }

  onDrain(): void {
    this.#content?.resume();
  }

  onUpgrade(head: ResponseHead, socket: Socket, first: Buffer): void {
    this.#upstream = undefined;
    this.#uncount();
    const { res, route } = this.#x;
    const opens = switchesToWebSocket(head) && this.#writeHead(head);
    if (opens && route && res.takeover) return this.keeper.tunnels.open(route.id, res.takeover.release(), { socket, first: [first] });
    socket.destroy();
    this.#fail('malformed');
  }

  onFault(fault: UpstreamFault): void {
    this.#upstream = undefined;
    const { res, route } = this.#x;
    this.#uncount();
    this.#x.fault = fault.code ?? fault.kind;
    if (!fault.responseStarted && !fault.retryable) (this.#x.attempts ??= []).push(FAULT_STATUS[faultOf(fault)]);
    this.keeper.failed(this.#x, fault);
    if (res.destroyed) return;
    if (res.headersSent) return this.#cut();
    if (route?.upstream && (this.#content?.replayable ?? true)) {
      this.#attempts ??= new Attempts(this.#x, route.upstream, this.method);
      const next = this.#attempts.after(this.#x.node, fault);
      this.fresh = next === this.#x.node;
      if (next) return this.#send(next);
    }
    this.#fail(this.#attempts?.late === true ? 'retry-timeout' : faultOf(fault));
  }

  /** The client reads slower than the upstream answers: the upstream waits until it has caught up. */
  #awaitReader(): void {
    const { res } = this.#x;
    this.#waitsForClient = true;
    res.once('drain', () => {
      this.#waitsForClient = false;
      this.#upstream?.resume();
    });
  }

  /** Passes the head on; false when there is nobody to pass it to, or a plugin has spoilt it. */
  #writeHead(head: ResponseHead): boolean {
    const { res, route, node, chain } = this.#x;
    if (node) route?.upstream?.watch?.answered(node, head.status);
    if (res.headersSent || res.destroyed) return false;
    this.#x.headAt = performance.now();
    (this.#x.attempts ??= []).push(head.status);
    const out = { status: head.status, headers: responseHeaders(head, this.#attempts?.statuses, this.#x.table.settings.showsUpstreamStatus) };
    if (this.#x.responseAdded) out.headers.push(...this.#x.responseAdded);
    if (res.shouldKeepAlive && res.connections) out.headers.push('Keep-Alive', res.connections.hint);
    this.#x.head = out;
    try {
      for (const filter of chain.headerFilters) filter(this.#x, out);
      res.writeHead(out.status, head.reason, out.headers);
    } catch (error) {
      // a bug of a plugin: the client gets no answer that it did not shape
      this.keeper.report(error);
      this.#upstream?.abort();
      this.#upstream = undefined;
      respondBare(res, { status: 500 });
      return false;
    }
    this.#untilClose = head.framing !== 'length' && !res.chunkedEncoding;
    return true;
  }

  /** Ends an answer that is not whole. A body that ends with its connection (HTTP/1.0) would look whole: a reset tells. */
  #cut(): void {
    this.#x.res.cut(this.#untilClose);
  }

  /** The response is complete: what the client still sends of its request is read and dropped. */
  #finish(): void {
    this.#upstream = undefined;
    this.#x.endedAt = performance.now();
    if (this.#counted) this.#x.route?.upstream?.watch?.took(this.#counted, this.#x.endedAt - this.#x.askedAt);
    this.#uncount();
    this.#content?.discard();
  }

  #fail(fault: Fault): void {
    const { res, req } = this.#x;
    if (res.destroyed || res.writableEnded) return;
    this.#content?.discard();
    const failed = fault === 'no-upstream' || fault === 'client-timeout' ? [] : [...(this.#attempts?.statuses ?? []), FAULT_STATUS[fault]];
    // Node tells of a request's end a moment after its last byte
    const whole = req.complete || (this.#content?.size ?? 0) === this.body;
    respond(res, { status: FAULT_STATUS[fault], ...(failed.length > 0 && { headers: ['X-APISIX-Upstream-Status', failed.join(', ')] }) }, !whole);
  }
}
