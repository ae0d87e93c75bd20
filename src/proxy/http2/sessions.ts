import { constants, type Http2Session } from 'node:http2';
import type { ClientLimits } from '../../compile/clients.js';
import { LoopTicker } from '../../http1/index.js';
import { StreamWatch } from './stream-watch.js';
import type { Http2Response } from './response.js';

/** Milliseconds between two looks at all sessions. */
const LOOK_MS = 250;
/** Requests that a client may reset, and how many of them are forgotten with each look. */
const RESETS = 500;
const RESETS_FORGIVEN = 25;

/** The connections of clients that speak HTTP/2, looked at from time to time as those of HTTP/1.1 are. */
export class Sessions {
  readonly #open = new Map<Http2Session, Session>();
  readonly #ticker = new LoopTicker(LOOK_MS);
  #looked = 0;

  constructor(private readonly limits: () => ClientLimits) {}

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** A client has connected. */
  open(session: Http2Session): void {
    if (this.#open.size === 0) this.#ticker.watch(this.#look);
    this.#open.set(session, new Session(session));
    session.once('close', () => {
      this.#open.delete(session);
      if (this.#open.size === 0) this.#ticker.unwatch(this.#look);
    });
  }

  /** A request has come. */
  begin(session: Http2Session, res: Http2Response): void {
    this.#open.get(session)?.begin(res);
  }

  /** A client has reset a request. */
  lose(session: Http2Session): void {
    this.#open.get(session)?.lose();
  }

  /** Takes no further request, and ends each session after its answers. */
  close(): void {
    for (const session of this.#open.keys()) session.close();
  }

  /** Cuts what is left. */
  cut(): void {
    for (const session of this.#open.keys()) session.destroy();
  }

  readonly #look = (now: number): void => {
    const passed = now - this.#looked;
    this.#looked = now;
    const limits = this.limits();
    for (const session of this.#open.values()) session.check(passed, limits);
  };
}

/** One client, and its requests that are not over. */
class Session {
  readonly #streams = new Map<Http2Response, StreamWatch>();
  #asked = false;
  #idle = 0;
  #resets = 0;

  constructor(private readonly session: Http2Session) {}

  begin(res: Http2Response): void {
    this.#asked = true;
    // it may be over before the next look
    this.#idle = 0;
    this.#streams.set(res, new StreamWatch(res));
    res.once('close', () => {
      this.#streams.delete(res);
      if (!res.writableFinished) this.lose();
    });
  }

  /** Resets cost a client nothing and a gateway much (CVE-2023-44487): who goes on with them has to connect anew. */
  lose(): void {
    this.#resets++;
    // not at once: nghttp2 may be in the middle of what the client sent, and Node aborts the process when it counts its memory
    if (this.#resets === RESETS) setImmediate(() => this.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM));
  }

  check(passed: number, limits: ClientLimits): void {
    for (const stream of this.#streams.values()) stream.check(passed, limits);
    this.#resets = Math.max(0, this.#resets - RESETS_FORGIVEN);
    this.#idle = this.#streams.size > 0 ? 0 : this.#idle + passed;
    const limit = this.#asked ? limits.idle : limits.header;
    // twice: one that takes nothing does not take the farewell either
    if (this.#idle >= limit + LOOK_MS * 8) this.session.destroy(undefined, constants.NGHTTP2_NO_ERROR);
    else if (this.#idle >= limit && !this.session.closed) this.session.close();
  }
}
