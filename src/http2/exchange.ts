import { constants, type ClientHttp2Stream, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import type { FaultKind, ResponseSink, UpstreamExchange, UpstreamFault, UpstreamRequest } from '../http1/index.js';
import { responseFields } from './fields.js';
import { plainFields, responseHead } from './head.js';
import { endOf } from './whole.js';

/** What an exchange needs of the connection that carries it. */
export interface Carrier {
  readonly connected: boolean;
  /** It had carried another exchange before. */
  readonly reused: boolean;
  /** What ended it, as a code of the system or of OpenSSL. */
  readonly failure: string | undefined;
  /** The last stream that the upstream says it has looked at, once it says so. */
  readonly lastStream: number | undefined;
  now(): number;
  /** An exchange is over; `suspect`: the connection may be dead. */
  release(exchange: Exchange, suspect: boolean): void;
}

/** One request on a stream of HTTP/2, and its response. */
export class Exchange implements UpstreamExchange {
  #sent = 0;
  #blocked = false;
  #paused = false;
  #headTold = false;
  #done = false;
  #trailers: readonly string[] = [];
  #own: readonly string[] = [];
  #activeAt: number;

  constructor(readonly request: UpstreamRequest, private readonly sink: ResponseSink, private readonly stream: ClientHttp2Stream, private readonly carrier: Carrier) {
    this.#activeAt = carrier.now();
    const ended = endOf(stream);
    stream.on('error', () => {});
    stream.on('headers', (headers, flags, raw?: string[]) => this.#inform(headers, flags, raw ?? []));
    stream.once('response', (headers, flags, raw?: string[]) => this.#begin(headers, flags, raw ?? []));
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.once('trailers', (_headers, _flags, raw?: string[]) => (this.#trailers = plainFields(raw ?? [])));
    stream.on('drain', () => this.#drained());
    stream.once('ready', () => this.#drained());
    stream.on('wantTrailers', () => stream.closed || stream.sendTrailers(responseFields(this.#own, {})));
    stream.once('end', () => ended() && this.#end());
    stream.once('close', () => this.#close());
  }

  write(chunk: Uint8Array): boolean {
    if (this.#done || this.stream.destroyed || this.stream.writableEnded) return true;
    this.#sent += chunk.length;
    this.#progressed();
    // what waits for a connection can still go elsewhere: no more is asked for than need be
    this.#blocked = !this.stream.write(chunk) || this.stream.pending;
    return !this.#blocked;
  }

  end(trailers: readonly string[] = []): void {
    if (this.#done || this.stream.destroyed || this.stream.writableEnded) return;
    this.#own = trailers;
    this.#progressed();
    this.stream.end();
  }

  resume(): void {
    this.#paused = false;
    this.#progressed();
    this.stream.resume();
  }

  abort(): void {
    if (this.#finish(false)) this.stream.close(constants.NGHTTP2_CANCEL);
  }

  /** Ends what has taken too long. */
  check(now: number): void {
    const { timeouts } = this.request;
    const passed = now - this.#activeAt;
    if (!this.carrier.connected) this.#late('connect-timeout', passed >= timeouts.connect);
    else if (this.#blocked) this.#late('send-timeout', passed >= timeouts.send);
    // the two may talk in turns: while nothing is held up, either's word counts
    else if (!this.#paused) this.#late('read-timeout', passed >= timeouts.read);
  }

  #late(kind: FaultKind, late: boolean): void {
    if (!late) return;
    this.#fail(kind, 'the upstream took too long', undefined, true);
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  #progressed(): void {
    this.#activeAt = this.carrier.now();
  }

  #inform(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number, raw: readonly string[]): void {
    const head = responseHead(headers, flags, raw);
    this.#progressed();
    if (head && !this.#done) this.sink.onInformational(head);
  }

  #begin(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number, raw: readonly string[]): void {
    if (this.#done) return;
    const head = responseHead(headers, flags, raw);
    this.#progressed();
    if (!head || head.status < 200) {
      this.#fail('protocol', 'the response has no valid status');
      return this.stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
    }
    this.#headTold = true;
    this.sink.onHead(head);
    // at once, so that an answer without a body can be passed on as one
    if (head.framing === 'none') this.#end();
  }

  #take(chunk: Buffer): void {
    if (this.#done) return;
    this.#progressed();
    if (this.sink.onData(chunk) || this.#done) return;
    this.#paused = true;
    this.stream.pause();
  }

  #drained(): void {
    if (!this.#blocked || this.stream.pending || this.stream.writableNeedDrain) return;
    this.#blocked = false;
    this.#progressed();
    if (!this.#done) this.sink.onDrain();
  }

  #end(): void {
    if (!this.#headTold || !this.#finish(false)) return;
    this.sink.onEnd(this.#trailers);
    // a response is whole before its request: the rest is not wanted
    if (!this.stream.writableEnded) this.stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** The stream is over, and its response is not. */
  #close(): void {
    if (this.#done) return;
    const { connected, failure } = this.carrier;
    const { rstCode } = this.stream;
    if (!connected) this.#fail('connect', 'the upstream cannot be connected to', failure);
    else if (this.#unprocessed()) this.#fail('reset', 'the upstream has not taken the request', 'REFUSED_STREAM');
    else if (rstCode === constants.NGHTTP2_PROTOCOL_ERROR) this.#fail('protocol', 'the upstream broke the rules of HTTP/2', 'PROTOCOL_ERROR');
    else this.#fail('reset', 'the upstream ended the stream', failure ?? `HTTP2_${rstCode}`);
  }

  /** Whether the upstream says that it has not looked at the request: it may be sent again, whatever it is. */
  #unprocessed(): boolean {
    const { rstCode, id } = this.stream;
    const { lastStream } = this.carrier;
    return rstCode === constants.NGHTTP2_REFUSED_STREAM || id === undefined || (lastStream !== undefined && id > lastStream);
  }

  #fail(kind: FaultKind, message: string, code?: string, suspect = false): void {
    const fault = this.#describe(kind, message, code);
    if (this.#finish(suspect)) this.sink.onFault(fault);
  }

  #describe(kind: FaultKind, message: string, code: string | undefined): UpstreamFault {
    const { connected, reused } = this.carrier;
    const unprocessed = kind === 'reset' && this.#unprocessed();
    return {
      kind, code, message, reusedSocket: reused, responseStarted: this.#headTold,
      bytesSent: !connected || unprocessed ? 0 : this.#sent + this.request.head.length,
      retryable: kind === 'reset' && !this.#headTold && (unprocessed || reused),
    };
  }

  #finish(suspect: boolean): boolean {
    if (this.#done) return false;
    this.#done = true;
    // what still comes is dropped, so that the stream can close
    this.stream.resume();
    this.carrier.release(this, suspect);
    return true;
  }
}
