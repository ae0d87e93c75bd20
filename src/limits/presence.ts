import type { Exchange, Reply, Step } from '../plugins/plugin.js';
import type { Concurrency } from './concurrency.js';
import { Delay } from './delay.js';
import type { Answers } from './quota.js';

/** One limit of how many requests may be there at the same time, compiled. */
export interface PresenceLimit {
  /** What it counts by; undefined when the request is none of its own. */
  key(x: Exchange): string | undefined;
  /** How many may be there without waiting; undefined when the variables make no such number. */
  conn(x: Exchange): number | undefined;
  /** How many more may wait, likewise. */
  burst(x: Exchange): number | undefined;
}

/** How long requests take, which is what those wait for that are too many. */
export class Pace {
  #milliseconds: number;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Milliseconds that the last of so many waits where `conn` are served at a time. */
  delay(present: number, conn: number): number {
    return present > conn ? Math.floor((present - 1) / conn) * this.#milliseconds : 0;
  }

  /** A request took so long. */
  learn(milliseconds: number): void {
    this.#milliseconds = (this.#milliseconds + milliseconds) / 2;
  }
}

/** What is kept of a request until it is over. */
interface Presence {
  readonly counted: { readonly key: string; readonly id: string }[];
  delay: number;
  over: boolean;
}

/** Limits how many requests are there at the same time. */
export class Presences {
  readonly #delay = new Delay();

  constructor(
    private readonly limits: readonly PresenceLimit[],
    private readonly concurrency: Concurrency,
    private readonly pace: Pace,
    private readonly answers: Answers,
    /** Told apart from those of other gateways. */
    private readonly nextId: () => string,
    /** Whether it learns how long requests take. */
    private readonly learns: boolean,
  ) {}

  /** The request comes in; it may have to wait. */
  enter(x: Exchange): Step {
    const asked: Asked[] = [];
    for (const limit of this.limits) {
      const key = limit.key(x);
      if (key === undefined) continue;
      const conn = limit.conn(x);
      const burst = limit.burst(x);
      if (conn === undefined || burst === undefined) return this.answers.unlimited;
      asked.push({ key, conn, most: conn + burst });
    }
    if (asked.length === 0) return this.answers.unlimited;
    const presence: Presence = { counted: [], delay: 0, over: false };
    x.notes.set(this, presence);
    return this.#count(x, presence, asked, 0);
  }

  /** The request is over, answered or not. */
  leave(x: Exchange): void {
    const presence = x.notes.get(this) as Presence | undefined;
    if (!presence) return;
    this.#delay.end(x);
    presence.over = true;
    for (const { key, id } of presence.counted) this.concurrency.leave(key, id);
    if (this.learns && presence.counted.length > 0) this.pace.learn(x.details.upstreamTimes.end ?? Math.max(x.details.elapsed - presence.delay, 0));
  }

  /** Counts it under the limits from one on, synchronously for as long as the answers come so. */
  #count(x: Exchange, presence: Presence, asked: readonly Asked[], from: number): Step {
    for (let i = from; i < asked.length; i++) {
      const limit = asked[i];
      if (!limit) continue;
      const id = this.nextId();
      const present = this.concurrency.enter(limit.key, limit.most, id);
      if (typeof present !== 'number') return this.#later(present, id, x, presence, asked, i);
      if (this.#isTooMany(present, id, limit, presence)) return this.answers.refused;
    }
    return this.#delay.wait(x, presence.delay);
  }

  async #later(present: Promise<number>, id: string, x: Exchange, presence: Presence, asked: readonly Asked[], at: number): Promise<Reply | undefined> {
    const limit = asked[at];
    // who counts tells why it could not
    const known = await present.catch(() => undefined);
    if (known === undefined || !limit) return this.answers.uncounted;
    if (this.#isTooMany(known, id, limit, presence)) return this.answers.refused;
    if (!presence.over) return this.#count(x, presence, asked, at + 1);
    // its client left while it was being counted
    this.concurrency.leave(limit.key, id);
    return undefined;
  }

  #isTooMany(present: number, id: string, { key, conn }: Asked, presence: Presence): boolean {
    if (present < 0) return true;
    if (!presence.over) presence.counted.push({ key, id });
    presence.delay += this.pace.delay(present, conn);
    return false;
  }
}

interface Asked {
  readonly key: string;
  readonly conn: number;
  readonly most: number;
}
