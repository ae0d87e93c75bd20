import type { TellUpstream } from '../events.js';

/** One address that a name stands for; of a service also where and how it is served. */
export interface Found {
  readonly address: string;
  /** The name that this address is of, where that is another than the one asked for. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly weight?: number | undefined;
  readonly priority?: number | undefined;
}

/** What a name stands for, and for how many seconds that holds. */
export interface Answer {
  readonly found: readonly Found[];
  readonly ttl: number;
}

/** Seconds until a name is asked for again, at least and at most. */
const [SOONEST, LATEST] = [1, 3600];
/** Seconds until a name is asked for again that had no answer, at most; at first it is one. */
const LATEST_RETRY = 30;

/**
 * What a name stands for, asked for again as soon as the answer is out of date. What was known stays when there is no
 * answer. Outlives a reload.
 */
export class Lookup {
  #found: readonly Found[] = [];
  #settled = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  readonly #listeners = new Set<() => void>();

  constructor(readonly name: string, private readonly ask: () => Promise<Answer>, private readonly tell: TellUpstream) {}

  get found(): readonly Found[] {
    return this.#found;
  }

  /** Whether there was a first answer, or none could be had. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Calls back at each change, and when the first answer is there; returns how to end that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#look();
  }

  close(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const seconds = await this.ask().then((answer) => this.#take(answer), (error: unknown) => this.#miss(error));
    if (this.#running) this.#timer = setTimeout(() => void this.#look(), seconds * 1000).unref();
  }

  /** Returns the seconds until the next look. */
  #take({ found, ttl }: Answer): number {
    this.#failures = 0;
    // servers turn their answers round: only what is in them counts
    const sorted = found.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    const changed = sorted.map(textOf).join() !== this.#found.map(textOf).join();
    this.#found = sorted;
    if (changed && this.#running) this.tell({ type: 'resolved', name: this.name, addresses: sorted.map(({ address }) => address) });
    this.#settle(changed);
    return Math.min(Math.max(ttl, SOONEST), LATEST);
  }

  #miss(error: unknown): number {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (this.#failures++ === 0 && this.#running) this.tell({ type: 'unresolved', name: this.name, code, kept: this.#found.length > 0 });
    this.#settle(false);
    return Math.min(2 ** (this.#failures - 1), LATEST_RETRY);
  }

  #settle(changed: boolean): void {
    const first = !this.#settled;
    this.#settled = true;
    if (changed || first) for (const listener of [...this.#listeners]) listener();
  }
}

const textOf = (found: Found): string => JSON.stringify([found.address, found.host, found.port, found.weight, found.priority]);
