import type { UpstreamExchange } from '../http1/index.js';
import type { GatewayRequest, GatewayResponse } from './exchange.js';
import { endToEndPairs } from './headers.js';

/** How much of a body is kept for a second attempt. */
const KEPT = 64 * 1024;

/** The body of a client's request on its way to an upstream; its beginning is kept until nobody may need it again. */
export class RequestBody {
  readonly #req: GatewayRequest;
  #upstream: UpstreamExchange | undefined;
  #kept: Buffer[] | undefined = [];
  #keep = KEPT;
  #isRead = false;
  #size = 0;
  #listening = false;
  #ended = false;
  /** Those who wait for its next piece, or its end. */
  #waiting: (() => void)[] = [];

  constructor(req: GatewayRequest) {
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

  /** All of it, once it is here and while it is kept. */
  get whole(): Buffer | undefined {
    if (!this.#ended || !this.#kept) return undefined;
    if (this.#kept.length !== 1) this.#kept = [Buffer.concat(this.#kept)];
    return this.#kept[0];
  }

  /** Reads all of it, before any upstream gets it; undefined when it is larger than `limit` bytes, or its client has left. */
  async read(limit: number, res: GatewayResponse): Promise<Buffer | undefined> {
    this.#isRead = true;
    // whatever was read once can be sent again
    this.#keep = Math.max(this.#keep, limit);
    if (!this.#listening) this.#listen();
    while (!this.#ended && this.#size <= limit && !this.#req.destroyed && !res.over) await this.#more(res);
    if (!this.#ended && this.#waiting.length === 0) this.#req.pause();
    return this.#size <= limit ? this.whole : undefined;
  }

  /** Sends the body, from its beginning, to an upstream; a second call is for another attempt. */
  sendTo(upstream: UpstreamExchange): void {
    this.#upstream = upstream;
    let free = true;
    for (const chunk of this.#kept ?? []) free = upstream.write(chunk);
    if (this.#ended) return this.#end();
    if (!this.#listening) this.#listen();
    else if (free) this.#req.resume();
  }

  /** The upstream takes more again. */
  resume(): void {
    this.#req.resume();
  }

  /** An answer has begun: there will be no other attempt. */
  commit(): void {
    this.#forget();
  }

  /** Nobody wants the rest: it is read and dropped, so that the client's connection stays in step. */
  discard(): void {
    this.#upstream = undefined;
    this.#forget();
    this.#req.resume();
  }

  /** What somebody read stays, for those who log it. */
  #forget(): void {
    if (!this.#isRead || !this.#ended) this.#kept = undefined;
  }

  #listen(): void {
    this.#listening = true;
    this.#req.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#req.on('end', () => {
      this.#ended = true;
      this.#wake();
      this.#end();
    });
  }

  /** Waits for the next piece, for the end, or for the client to leave. A client that waits to be asked for its body is asked. */
  #more(res: GatewayResponse): Promise<void> {
    const req = this.#req;
    if (req.expectsContinue && !req.continued) {
      req.continued = true;
      res.writeContinue();
    }
    // the upstream gets it at once: there is nothing left to expect
    req.expectsContinue = false;
    return new Promise((resolve) => {
      const done = (): void => {
        res.off('close', done);
        resolve();
      };
      this.#waiting.push(done);
      res.once('close', done);
      req.resume();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length;
    // what no upstream has got yet must stay
    if (this.#size > this.#keep && this.#upstream) this.#kept = undefined;
    else this.#kept?.push(chunk);
    if (this.#upstream?.write(chunk) === false) this.#req.pause();
    if (this.#waiting.length > 0) this.#wake();
  }

  #end(): void {
    this.#upstream?.end(endToEndPairs(this.#req.rawTrailers));
  }
}
