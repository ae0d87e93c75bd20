/** Lets so many tasks run at a time; the others wait their turn. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** Runs a task as soon as there is room. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.most) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      // whoever waits takes the place over
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
