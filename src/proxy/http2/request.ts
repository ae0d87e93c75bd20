import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { endOf, requestFields, requestHeaders } from '../../http2/index.js';
import { GatewayRequest } from '../exchange.js';

/** A request that comes on a stream of HTTP/2: what reads it finds what HTTP/1.1 would have sent. */
export class Http2Request extends GatewayRequest {
  /** Bytes of the body that have come. */
  received = 0;
  #listening = false;
  readonly #ended: () => boolean;

  constructor(private readonly stream: ServerHttp2Stream, socket: Socket, headers: IncomingHttpHeaders, raw: readonly string[]) {
    super(socket);
    this.httpVersion = '2.0';
    this.httpVersionMajor = 2;
    this.httpVersionMinor = 0;
    this.method = headers[':method'] ?? '';
    this.url = targetOf(headers);
    this.rawHeaders = requestFields(raw);
    this.headers = requestHeaders(headers);
    this.unmeasured = !stream.endAfterHeaders && headers['content-length'] === undefined;
    this.expectsContinue = headers.expect?.toLowerCase() === '100-continue';
    this.expectsTheUnknown = headers.expect !== undefined && !this.expectsContinue;
    this.complete = stream.endAfterHeaders;
    this.#ended = endOf(stream);
    stream.on('trailers', (_trailers, _flags, flat?: string[]) => (this.rawTrailers = flat ?? []));
    stream.once('close', () => this.#leave());
  }

  override _read(): void {
    if (!this.#listening) this.#listen();
    this.stream.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    done(error);
  }

  #listen(): void {
    this.#listening = true;
    this.stream.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
      if (!this.push(chunk)) this.stream.pause();
    });
    this.stream.once('end', () => {
      // what is cut is told by the close of the stream
      if (!this.#ended()) return;
      this.complete = true;
      this.push(null);
    });
  }

  #leave(): void {
    if (!this.complete) {
      this.aborted = true;
      this.emit('aborted');
    }
    if (!this.readableEnded) this.destroy();
  }
}

/** The path and query; nothing, which no route takes, for what could be mistaken for another form of target. */
function targetOf(headers: IncomingHttpHeaders): string {
  const path = headers[':path'] ?? '';
  const scheme = headers[':scheme'];
  return path.startsWith('/') && (scheme === 'https' || scheme === 'http') ? path : '';
}
