/** What a pacer runs. */
export interface Pace {
  /** One round of work; returns in how many milliseconds the next is due. */
  step(): Promise<number>;
  /** Told what a round or a task threw; the pacer carries on. */
  onFailed(error: unknown): void;
  /** When the next round is due after one that failed, in milliseconds. */
  readonly period: number;
}

/** Runs rounds of work at the times asked for, and tasks between them, never two at once. */
export class Pacer {
  readonly #pace: Pace;
  #tail: Promise<void> = Promise.resolve();
  #queued = false;
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;
  #stopped = false;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Runs a task after what was asked for before it. */
  run(task: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      if (this.#stopped) return;
      try {
        await task();
      } catch (error) {
        this.#pace.onFailed(error);
      }
    });
    return this.#tail;
  }

  /** Sees to it that a round begins by this time (of `performance.now`), or as soon as possible after it. */
  wakeBy(time: number): void {
    if (this.#stopped || this.#queued || time >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = time;
    this.#timer = setTimeout(() => this.#round(), Math.max(0, time - performance.now()));
  }

  /** Runs nothing more, and waits for what is running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#tail;
  }

  #round(): void {
    this.#queued = true;
    this.#wakeAt = Infinity;
    void this.run(async () => {
      this.#queued = false;
      let wait = this.#pace.period;
      try {
        wait = Math.min(wait, await this.#pace.step());
      } finally {
        this.wakeBy(performance.now() + wait);
      }
    });
  }
}
