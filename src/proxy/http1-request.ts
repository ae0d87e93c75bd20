import { GatewayRequest } from './exchange.js';

/**
 * A request over HTTP/1.1. One without a body is never told that its body has ended: nobody asks, and for a stream that
 * end is nine steps after the answer, more than the gateway's own part in a small request. Newer versions of Node have an
 * option for it (`optimizeEmptyRequests`), this holds for all of them.
 */
export class Http1Request extends GatewayRequest {
  #empty = false;

  static {
    // its type is that of a property, which no accessor may override
    Object.defineProperty(this.prototype, 'readableEnded', {
      get(this: Http1Request): boolean {
        return this.#empty || (Reflect.get(GatewayRequest.prototype, 'readableEnded', this) as boolean);
      },
    });
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk !== null || !hasNoBody(this)) return super.push(chunk, encoding);
    this.#empty = true;
    return false;
  }

  /** Node lets what nobody reads flow away. */
  override resume(): this {
    return this.#empty ? this : super.resume();
  }
}

function hasNoBody({ headers }: GatewayRequest): boolean {
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}
