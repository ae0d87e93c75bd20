import type { Exchange, Reply } from '../plugins/plugin.js';

/** Holds requests back, each by a timer that ends with it: nobody waits for a client that has left. */
export class Delay {
  /** Milliseconds below which nobody waits. */
  static readonly #LEAST = 1;

  /** Goes on after milliseconds. */
  wait(x: Exchange, milliseconds: number): Promise<Reply | undefined> | undefined {
    if (milliseconds < Delay.#LEAST) return undefined;
    return new Promise((resolve) => x.notes.set(this, setTimeout(resolve, milliseconds, undefined)));
  }

  /** The request is over. */
  end(x: Exchange): void {
    const timer = x.notes.get(this);
    if (timer !== undefined) clearTimeout(timer as NodeJS.Timeout);
  }
}
