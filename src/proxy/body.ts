import type { IncomingMessage } from 'node:http';
import type { UpstreamExchange } from '../http1/index.js';
import { endToEndPairs } from './headers.js';

/** How much of a body is kept for a second attempt. */
const KEPT = 64 * 1024;

/** The body of a client's request on its way to an upstream; its beginning is kept until nobody may need it again. */
export class RequestBody {
  readonly #req: IncomingMessage;
  #upstream: UpstreamExchange | undefined;
  #kept: Buffer[] | undefined = [];
  #size = 0;
  #listening = false;

  constructor(req: IncomingMessage) {
    this.#req = req;
  }

  /** Whether everything read so far can be sent again. */
  get replayable(): boolean {
    return this.#kept !== undefined;
  }

  /** Bytes that have come. */
  get size(): number {
    return this.#size;
  }

  /** Sends the body, from its beginning, to an upstream; a second call is for another attempt. */
  sendTo(upstream: UpstreamExchange): void {
    this.#upstream = upstream;
    let free = true;
    for (const chunk of this.#kept ?? []) free = upstream.write(chunk);
    if (this.#listening && this.#req.readableEnded) return this.#end();
    if (!this.#listening) this.#listen();
    else if (free) this.#req.resume();
  }

  /** The upstream takes more again. */
  resume(): void {
    this.#req.resume();
  }

  /** An answer has begun: there will be no other attempt. */
  commit(): void {
    this.#kept = undefined;
  }

  /** Nobody wants the rest: it is read and dropped, so that the client's connection stays in step. */
  discard(): void {
    this.#upstream = undefined;
    this.#kept = undefined;
    this.#req.resume();
  }

  #listen(): void {
    this.#listening = true;
    this.#req.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#req.on('end', () => this.#end());
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > KEPT) this.#kept = undefined;
    else this.#kept?.push(chunk);
    if (this.#upstream?.write(chunk) === false) this.#req.pause();
  }

  #end(): void {
    this.#upstream?.end(endToEndPairs(this.#req.rawTrailers));
  }
}
