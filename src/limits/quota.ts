import type { Exchange, Reply, Step } from '../plugins/plugin.js';
import type { Limiter, Verdict } from './verdict.js';

/** The names of the headers that tell a client of a limit. */
export interface QuotaHeaders {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

/** One limit, compiled. */
export interface Limit {
  /** What it counts by; undefined when the request is none of its own. */
  key(x: Exchange): string | undefined;
  /** Requests in a window; undefined when the variables make no such number. */
  count(x: Exchange): number | undefined;
  /** Seconds of a window, likewise. */
  window(x: Exchange): number | undefined;
  /** Undefined: the client is told nothing. */
  readonly headers: QuotaHeaders | undefined;
}

/** What becomes of requests that are not just counted. */
export interface Answers {
  /** The limit is reached. */
  readonly refused: Reply;
  /** What the limit is cannot be known; undefined: the request passes. */
  readonly unlimited: Reply | undefined;
  /** How much of it was used cannot be known; undefined: the request passes. */
  readonly uncounted: Reply | undefined;
}

/** The answers of a plugin's options; `failure`: what is said when it cannot be counted. */
export function answersOf({ rejected_code: status, rejected_msg: message, allow_degradation: lenient }: { readonly rejected_code: number; readonly rejected_msg?: string; readonly allow_degradation: boolean }, failure: string): Answers {
  return {
    refused: { status, ...(message !== undefined && { body: { error_msg: message } }) },
    unlimited: lenient ? undefined : { status: 500 },
    uncounted: lenient ? undefined : { status: 500, body: { error_msg: failure } },
  };
}

/** Counts requests under limits, each of which must let them pass; the first that does not ends it. */
export function quota(limits: readonly Limit[], limiter: Limiter, answers: Answers): (x: Exchange) => Step {
  return (x) => {
    // all limits are known before one counts
    const asked: Asked[] = [];
    for (const limit of limits) {
      const key = limit.key(x);
      if (key === undefined) continue;
      const count = limit.count(x);
      const seconds = limit.window(x);
      if (count === undefined || seconds === undefined) return answers.unlimited;
      asked.push({ key, count, window: seconds * 1000, headers: limit.headers });
    }
    return asked.length === 0 ? answers.unlimited : take(x, asked, 0, limiter, answers);
  };
}

interface Asked {
  readonly key: string;
  readonly count: number;
  /** Milliseconds. */
  readonly window: number;
  readonly headers: QuotaHeaders | undefined;
}

/** Counts under the limits from one on, synchronously for as long as the limiter answers so. */
function take(x: Exchange, asked: readonly Asked[], from: number, limiter: Limiter, answers: Answers): Step {
  for (let i = from; i < asked.length; i++) {
    const limit = asked[i];
    if (!limit) continue;
    const verdict = limiter.take(limit.key, limit.count, limit.window);
    if (verdict instanceof Promise) return later(verdict, x, asked, i, limiter, answers);
    if (isReached(x, limit, verdict)) return answers.refused;
  }
  return undefined;
}

async function later(verdict: Promise<Verdict>, x: Exchange, asked: readonly Asked[], at: number, limiter: Limiter, answers: Answers): Promise<Reply | undefined> {
  const limit = asked[at];
  // who counts tells why it could not
  const known = await verdict.catch(() => undefined);
  if (!known) return answers.uncounted;
  if (limit && isReached(x, limit, known)) return answers.refused;
  return take(x, asked, at + 1, limiter, answers);
}

/** Whether it is; the client is told how much is left. */
function isReached(x: Exchange, { count, headers }: Asked, { remaining, reset }: Verdict): boolean {
  if (headers) {
    x.setResponseHeader(headers.limit, String(count));
    x.setResponseHeader(headers.remaining, String(Math.max(remaining, 0)));
    x.setResponseHeader(headers.reset, String(Math.round(reset / 10) / 100));
  }
  return remaining < 0;
}
