import { Counters } from './counters.js';
import type { Limiter, Verdict } from './verdict.js';

/** What local limits are made with; tests bring their own. */
export interface Means {
  /** Milliseconds by a clock that never goes back. */
  readonly now: () => number;
  /** Keys of a generation of counters. */
  readonly most?: number;
}

/** Milliseconds since the process began. */
export const MEANS: Means = { now: () => performance.now() };

/** A window that begins with the first request; what comes after the count waits for its end. Refused requests do not count. */
export class FixedWindow implements Limiter {
  readonly #counters: Counters<{ used: number; until: number }>;

  constructor(private readonly means: Means) {
    this.#counters = new Counters(() => ({ used: 0, until: 0 }), means.most);
  }

  take(key: string, count: number, window: number): Verdict {
    const now = this.means.now();
    const counter = this.#counters.get(key, now, window);
    if (now >= counter.until) {
      counter.used = 0;
      counter.until = now + window;
    }
    const reset = counter.until - now;
    if (counter.used >= count) return { remaining: -1, reset };
    counter.used++;
    return { remaining: count - counter.used, reset };
  }
}

/**
 * A window that slides: of the requests of the window before, as many count as of it still lie within the time of one
 * window from now, as if they had come evenly.
 */
export class SlidingWindow implements Limiter {
  readonly #counters: Counters<{ index: number; used: number; before: number }>;

  constructor(private readonly means: Means) {
    this.#counters = new Counters(() => ({ index: 0, used: 0, before: 0 }), means.most);
  }

  take(sent: string, count: number, window: number): Verdict {
    const now = this.means.now();
    // a window's length is part of the counter: two lengths have no window in common
    const counter = this.#counters.get(`${window} ${sent}`, now, 2 * window);
    const index = Math.floor(now / window);
    if (index !== counter.index) {
      counter.before = index === counter.index + 1 ? counter.used : 0;
      counter.used = 0;
      counter.index = index;
    }
    const reset = (index + 1) * window - now;
    const used = counter.used + counter.before * (reset / window);
    if (used + 1 > count) return { remaining: -1, reset };
    counter.used++;
    return { remaining: Math.floor(count - used - 1), reset };
  }
}
