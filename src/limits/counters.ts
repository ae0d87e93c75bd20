import { hash } from 'node:crypto';

/** Keys of one generation; there are two. */
const MOST = 65_536;

/** A key that is longer is kept as a digest: keys come from clients. */
const LONGEST_KEY = 256;

/** A key shorter than this is a text of its own to V8; a longer one may be a piece that holds on to the whole it was cut from. */
const PIECE = 13;

/**
 * Counters by key, bounded in memory, without a timer: what was not used for its lifetime is dropped, and of too many
 * keys those that were used least lately. Two generations make both cheap: a counter that is used moves to the young
 * one, and the old one is dropped whole.
 */
export class Counters<C extends object> {
  #young = new Map<string, C>();
  #old = new Map<string, C>();
  #longest = 0;
  #began = 0;

  /** `most`: keys of a generation; at most twice as many are held. */
  constructor(private readonly create: () => C, private readonly most = MOST) {}

  /** Keys that are held. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The counter of a key, or a new one; `life`: milliseconds after which nobody misses it. */
  get(sent: string, now: number, life: number): C {
    const key = sent.length > LONGEST_KEY ? hash('sha256', sent, 'base64') : sent;
    if (life > this.#longest) this.#longest = life;
    if (now - this.#began >= this.#longest) this.#turn(now);
    const found = this.#young.get(key);
    if (found) return found;
    return this.#rejuvenate(key, now);
  }

  /** Takes a counter over from the old generation, or makes it. */
  #rejuvenate(key: string, now: number): C {
    const counter = this.#old.get(key) ?? this.create();
    this.#old.delete(key);
    if (this.#young.size >= this.most) this.#turn(now);
    this.#young.set(key.length < PIECE ? key : copied(key), counter);
    return counter;
  }

  /** The young generation is old from now on; after two lifetimes nobody misses it either. */
  #turn(now: number): void {
    this.#old = now - this.#began >= 2 * this.#longest ? new Map() : this.#young;
    this.#young = new Map();
    this.#began = now;
  }
}

/** The same text, by itself, whatever characters it has. */
const copied = (text: string): string => JSON.parse(JSON.stringify(text)) as string;
