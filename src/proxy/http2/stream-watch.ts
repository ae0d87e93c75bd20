import type { ClientLimits } from '../../compile/clients.js';
import type { Http2Request } from './request.js';
import type { Http2Response } from './response.js';

/** A request on a stream, looked at from time to time: whether its client is too slow in sending its body, or in taking the answer. */
export class StreamWatch {
  #received = 0;
  #waited = 0;
  #quiet = 0;
  #queued = 0;
  #stalled = 0;

  constructor(private readonly res: Http2Response) {}

  /** Ends what the client is too slow in, `passed` milliseconds after the last look. */
  check(passed: number, limits: ClientLimits): void {
    const { res } = this;
    if (this.#readsTooSlowly(passed, limits)) res.destroy();
    else if (this.#sendsTooSlowly(passed, limits)) {
      this.#quiet = 0;
      this.#waited = 0;
      if (res.forwarding) res.forwarding.expire();
      else res.destroy();
    }
  }

  /** Progress shows in steps as large as the pieces that are written. Of an answer without a body nothing is queued; its stream closes once it has left. */
  #readsTooSlowly(passed: number, { write }: ClientLimits): boolean {
    const queued = this.res.writableLength;
    this.#stalled = (queued > 0 || this.res.finished) && queued === this.#queued ? this.#stalled + passed : 0;
    this.#queued = queued;
    return this.#stalled >= write;
  }

  #sendsTooSlowly(passed: number, { body, rate, allowance }: ClientLimits): boolean {
    const req = this.res.req as Http2Request;
    const still = req.received === this.#received;
    this.#received = req.received;
    if (req.complete || !this.#isAwaited(req)) {
      this.#quiet = 0;
      return false;
    }
    this.#waited += passed;
    this.#quiet = still ? this.#quiet + passed : 0;
    return this.#quiet >= body || (rate > 0 && this.#waited >= allowance + (req.received / rate) * 1000);
  }

  /** Whether it is the client's turn. Once the answer has begun the two may talk at their leisure, as in gRPC. */
  #isAwaited(req: Http2Request): boolean {
    const { headersSent, forwarding } = this.res;
    return !headersSent && forwarding?.leisurely !== true && req.readableFlowing === true && (!req.expectsContinue || req.continued);
  }
}
