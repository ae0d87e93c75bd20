import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { responseFields } from '../../http2/index.js';
import { GatewayResponse } from '../exchange.js';
import type { Http2Request } from './request.js';

/** An answer that goes out on a stream of HTTP/2, written as one of HTTP/1.1 is. */
export class Http2Response extends GatewayResponse {
  #head: OutgoingHttpHeaders | undefined;
  #sent = false;
  #finished = false;
  #trailers: OutgoingHttpHeaders | undefined;

  constructor(request: Http2Request, private readonly stream: ServerHttp2Stream) {
    super(request);
    stream.on('drain', () => this.emit('drain'));
    stream.on('wantTrailers', () => this.#sendTrailers());
    stream.once('finish', () => this.#finish());
    stream.once('close', () => this.#close());
  }

  static {
    // accessors in Node, and properties in its types
    Object.defineProperties(this.prototype, {
      headersSent: { get(this: Http2Response) { return this.#head !== undefined; } },
      writableFinished: { get(this: Http2Response) { return this.#finished; } },
      writableLength: { get(this: Http2Response) { return this.stream.writableLength; } },
    });
  }

  override writeHead(status: number, ...rest: readonly unknown[]): this {
    const flat = rest.find(Array.isArray) as readonly string[] | undefined;
    this.#head = responseFields(flat ?? [], { ':status': status });
    // it says so with the end of its stream: a length of what is not sent would break the rules
    if (status === 205) delete this.#head['content-length'];
    this.statusCode = status;
    // with what is written at once, and at the latest when this turn is over
    process.nextTick(() => this.#send(false));
    return this;
  }

  override write(chunk: unknown, encoding?: unknown): boolean {
    if (this.finished || !this.#open()) return true;
    this.#send(false);
    return this.#bodiless() || this.stream.write(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }

  override end(chunk?: unknown, encoding?: unknown): this {
    if (this.finished) return this;
    this.finished = true;
    if (!this.#open()) return this;
    const body = (typeof chunk === 'string' || chunk instanceof Uint8Array) && chunk.length > 0 && !this.#bodiless() ? chunk : undefined;
    this.#send(body === undefined);
    if (body === undefined) this.stream.end();
    else this.stream.end(body, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
    return this;
  }

  override addTrailers(trailers: OutgoingHttpHeaders | readonly [string, string][]): void {
    this.#trailers = responseFields(Array.isArray(trailers) ? trailers.flat() : Object.entries(trailers).flat().map(String), {});
  }

  override writeContinue(): void {
    this.#inform({ ':status': 100 });
  }

  override writeProcessing(): void {
    this.#inform({ ':status': 102 });
  }

  override writeEarlyHints(hints: Record<string, string | string[]>): void {
    const flat = Object.entries(hints).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
    this.#inform(responseFields(flat, { ':status': 103 }));
  }

  override destroy(): this {
    // `close` would end it first, as if it were whole
    if (!this.stream.destroyed) this.stream.destroy(new Error('the answer is cut'));
    return this;
  }

  override cut(): void {
    this.destroy();
  }

  #open(): boolean {
    return !this.stream.destroyed && !this.stream.closed;
  }

  #bodiless(): boolean {
    return this.req.method === 'HEAD' || this.statusCode === 204 || this.statusCode === 205 || this.statusCode === 304;
  }

  /** `whole`: nothing follows but trailers. */
  #send(whole: boolean): void {
    if (this.#sent || !this.#head || !this.#open()) return;
    this.#sent = true;
    const endStream = this.#bodiless() || (whole && !this.#trailers);
    // what has a length has no trailers, and an answer that is here whole has told its own
    const waitForTrailers = !endStream && (this.finished ? this.#trailers !== undefined : this.#head['content-length'] === undefined);
    this.stream.respond(this.#head, { endStream, waitForTrailers });
  }

  #inform(headers: OutgoingHttpHeaders): void {
    if (this.#open() && !this.stream.headersSent) this.stream.additionalHeaders(headers);
  }

  #sendTrailers(): void {
    if (!this.#open()) return;
    this.stream.sendTrailers(this.#trailers ?? {});
    this.#trailers = {};
    // after Node has handed them on
    setImmediate(() => this.#dismiss());
  }

  #finish(): void {
    this.#finished = this.#sent;
    if (!this.#trailers) this.#dismiss();
  }

  /** What a client still sends after its answer nobody wants (RFC 9113, section 8.1). */
  #dismiss(): void {
    if (!this.req.complete && this.#open()) this.stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #close(): void {
    if (this.stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.#finished = false;
    this.destroyed = true;
    this.emit('close');
  }
}
