/**
 * A coarse clock. Timeouts compare with `now` on each tick instead of arming a timer per request,
 * which costs a proxy more than everything else it does with time.
 */
export interface Ticker {
  /** Milliseconds, as of the last tick; stands still while nothing watches. */
  readonly now: number;
  /** Milliseconds between two ticks: how stale `now` can be. */
  readonly interval: number;
  watch(onTick: (now: number) => void): void;
  unwatch(onTick: (now: number) => void): void;
}

/** A ticker which runs on the event loop while it is watched, and does not keep the process alive. */
export class LoopTicker implements Ticker {
  now = 0;
  readonly interval: number;
  readonly #watchers = new Set<(now: number) => void>();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(interval = 100) {
    this.interval = interval;
  }

  watch(onTick: (now: number) => void): void {
    this.#watchers.add(onTick);
    if (this.#timer) return;
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), this.interval).unref();
  }

  unwatch(onTick: (now: number) => void): void {
    this.#watchers.delete(onTick);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const clock = performance.now();
    // Timers run before the sockets are read: after a stall of the loop, time it could not use must
    // not count against upstreams whose answers are already waiting in the kernel.
    this.now += Math.min(clock - this.#last, 2 * this.interval);
    this.#last = clock;
    for (const onTick of this.#watchers) onTick(this.now);
  }
}
