/** What a limit says to a request. */
export interface Verdict {
  /** Requests that are left in the window; below 0: this one is refused. */
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly reset: number;
}

/** Counts requests by key. */
export interface Limiter {
  /** Counts one request of a key, unless its window of so many milliseconds has had its count. Rejects when it cannot be known. */
  take(key: string, count: number, window: number): Verdict | Promise<Verdict>;
}
