import { Roster } from './roster.js';
import type { PoolOptions, PoolStats, ResponseSink, UpstreamExchange, UpstreamRequest } from './types.js';

/**
 * Sends requests to one upstream node over kept connections. It does not limit how many are open,
 * and does not retry: a fault tells whether that would be safe.
 */
export class Pool {
  readonly #roster: Roster;

  constructor(options: PoolOptions) {
    this.#roster = new Roster(options);
  }

  /** Sends a request; what becomes of it is told to `sink`, never before this has returned. */
  send(request: UpstreamRequest, sink: ResponseSink): UpstreamExchange {
    return this.#roster.take(request.fresh === true, request.upgrade === true).start(request, sink);
  }

  /** Closes idle connections now, and busy ones after their exchange; requests can still be sent. */
  close(): void {
    this.#roster.close();
  }

  stats(): PoolStats {
    return this.#roster.stats();
  }
}
