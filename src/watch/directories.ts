import { basename } from 'node:path';
import type { Observe } from './observe.js';
import { codeOf, directoryIdentity } from './sighting.js';
import type { Spot } from './sighting.js';

/** What the events since the last `forget` say about the file's entry: moved into place, written, or nothing. */
export type Trace = 'none' | 'moved' | 'written';

/** Whom the watched directories tell. */
export interface DirectoriesListener {
  /** Something happened on the way to the file. */
  onHint(): void;
  /** A directory is newly watched: what happened before went unseen. */
  onArmed(): void;
  onDown(code: string): void;
  onUp(): void;
}

interface Arm {
  readonly identity: string;
  readonly since: number;
  ready: boolean;
  stop: () => Promise<void>;
}

const RETRY_MS = 1000;
const READY_MS = 5000;

/** The directories on the way to the file, watched for events as far as the system lets us. */
export class Directories {
  readonly #observe: Observe;
  readonly #listener: DirectoriesListener;
  readonly #arms = new Map<string, Arm>();
  readonly #stopping = new Set<Promise<void>>();
  #spots: readonly Spot[] = [];
  #trace: Trace = 'none';
  #failure: string | undefined;
  #retryAt = 0;

  constructor(observe: Observe, listener: DirectoriesListener) {
    this.#observe = observe;
    this.#listener = listener;
  }

  /** Whether every directory on the way is watched. */
  get up(): boolean {
    return this.#spots.length > 0 && this.#spots.every(({ dir }) => this.#arms.get(dir)?.ready === true);
  }

  /** What the events say about how the file's present content came to be. */
  get trace(): Trace {
    return this.#trace;
  }

  /** Begins a new trace, once a content was dealt with. */
  forget(): void {
    this.#trace = 'none';
  }

  /** Watches the directories of these entries, anew where a directory was replaced, and no others. */
  async cover(spots: readonly Spot[]): Promise<void> {
    if (!sameSpot(spots.at(-1), this.#spots.at(-1))) this.forget();
    this.#spots = spots;
    const wanted = new Set(spots.map(({ dir }) => dir));
    for (const dir of this.#arms.keys()) if (!wanted.has(dir)) this.#drop(dir);
    for (const dir of wanted) await this.#ensure(dir);
    this.#recover();
  }

  /** Stops every watch. */
  async close(): Promise<void> {
    this.#spots = [];
    for (const dir of this.#arms.keys()) this.#drop(dir);
    await Promise.all(this.#stopping);
  }

  async #ensure(dir: string): Promise<void> {
    const identity = await directoryIdentity(dir).catch(() => undefined);
    const arm = this.#arms.get(dir);
    if (arm !== undefined && arm.identity === identity) {
      if (arm.ready || performance.now() - arm.since < READY_MS) return;
      return this.#fail(dir, 'ETIMEDOUT');
    }
    if (arm !== undefined) this.#drop(dir);
    // Gone since the way to the file was walked: the next look walks another way.
    if (identity === undefined || performance.now() < this.#retryAt) return;
    this.#arm(dir, identity);
  }

  #arm(dir: string, identity: string): void {
    if (this.#spots.at(-1)?.dir === dir) this.forget();
    const arm: Arm = { identity, since: performance.now(), ready: false, stop: async () => undefined };
    this.#arms.set(dir, arm);
    const current = (): boolean => this.#arms.get(dir) === arm;
    arm.stop = this.#start(dir, {
      onEntry: (change, name) => {
        if (current()) this.#entry(dir, change, name);
      },
      onReady: () => {
        if (!current() || arm.ready) return;
        arm.ready = true;
        this.#listener.onArmed();
        this.#recover();
      },
      onFailed: (code) => {
        if (current()) this.#fail(dir, code);
      },
    });
  }

  #start(dir: string, observer: Parameters<Observe>[1]): () => Promise<void> {
    try {
      return this.#observe(dir, observer);
    } catch (error) {
      const timer = setImmediate(() => observer.onFailed(codeOf(error)));
      return async () => clearImmediate(timer);
    }
  }

  #entry(dir: string, change: 'moved' | 'changed', name: string | undefined): void {
    const self = basename(dir);
    const last = this.#spots.at(-1);
    if (last?.dir === dir && last.name === name) {
      // A directory's own move is reported under its own name, and says nothing about a file called the same.
      if (change === 'changed') this.#trace = 'written';
      else if (name !== self) this.#trace = 'moved';
    }
    const ours = name === undefined || name === self || this.#spots.some((spot) => spot.dir === dir && spot.name === name);
    if (ours) this.#listener.onHint();
  }

  #recover(): void {
    if (this.#failure === undefined || !this.up) return;
    this.#failure = undefined;
    this.#listener.onUp();
  }

  #fail(dir: string, code: string): void {
    this.#drop(dir);
    this.#retryAt = performance.now() + RETRY_MS;
    if (this.#failure !== undefined) return;
    this.#failure = code;
    this.#listener.onDown(code);
  }

  #drop(dir: string): void {
    const arm = this.#arms.get(dir);
    if (arm === undefined) return;
    this.#arms.delete(dir);
    // A watch that fails to stop is out of use all the same.
    const done = (): void => void this.#stopping.delete(stopping);
    const stopping: Promise<void> = arm.stop().then(done, done);
    this.#stopping.add(stopping);
  }
}

function sameSpot(a: Spot | undefined, b: Spot | undefined): boolean {
  return a?.dir === b?.dir && a?.name === b?.name;
}
