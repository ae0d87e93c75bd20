/** Milliseconds in which what a node did counts for 1/e of what it counted. */
const DECAY_MS = 10_000;

/** What a node is busy with, and how fast it answers. Outlives a reload. */
export class NodeLoad {
  /** Requests that were sent to it and are not over. */
  inFlight = 0;
  #delay = 0;
  #at = 0;

  /** Takes in how long an exchange took, in milliseconds. */
  took(milliseconds: number, now: number): void {
    const past = this.#fading(now);
    this.#delay = this.#delay * past + milliseconds * (1 - past);
    this.#at = now;
  }

  /** How long exchanges take, the latest counting most; fades to 0 when there are none. */
  delay(now: number): number {
    return this.#delay * this.#fading(now);
  }

  #fading(now: number): number {
    return Math.exp(-Math.max(0, now - this.#at) / DECAY_MS);
  }
}
