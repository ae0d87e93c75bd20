/** State that outlives a reload, held by key for as long as a routing table leases it. */
export class Store {
  readonly #entries = new Map<string, Entry>();

  /** Opens a set of leases, to be released together. */
  scope(): Scope {
    return new Leases(this.#entries);
  }
}

/** The leases of one routing table. */
export interface Scope {
  /** The state under a key: the one that some table already leases, or a new one. */
  retain<T extends object>(key: string, create: () => T): T;
  /** Takes in what is nobody else's: it starts and is closed with these leases. */
  own<T extends Owned>(value: T): T;
  /** Leases that can be released before these, and are released with them. */
  part(): Scope;
  /** The table is about to serve: what was leased begins what it does by itself, and so does what is leased from now on. */
  start(): void;
  /** Gives all leases back; what nobody leases any more is closed. */
  release(): void;
}

/** State that does something by itself. To start it twice is to start it once. */
export interface Owned {
  start(): void;
  close(): void;
}

interface Entry {
  readonly value: object;
  leases: number;
}

class Leases implements Scope {
  readonly #held = new Set<string>();
  readonly #parts = new Set<Leases>();
  readonly #owned: Owned[] = [];
  /** What waits for the start. */
  readonly #waiting: Pick<Owned, 'start'>[] = [];
  #started = false;

  constructor(private readonly entries: Map<string, Entry>, private readonly whole?: Leases) {}

  retain<T extends object>(key: string, create: () => T): T {
    const entry = this.entries.get(key) ?? { value: create(), leases: 0 };
    this.entries.set(key, entry);
    if (!this.#held.has(key)) {
      entry.leases++;
      this.#held.add(key);
      if (isStartable(entry.value)) this.#begin(entry.value);
    }
    // a key names its type: each caller prefixes its own kind
    return entry.value as T;
  }

  own<T extends Owned>(value: T): T {
    this.#owned.push(value);
    this.#begin(value);
    return value;
  }

  part(): Scope {
    const part = new Leases(this.entries, this);
    this.#parts.add(part);
    if (this.#started) part.start();
    return part;
  }

  start(): void {
    this.#started = true;
    for (const value of this.#waiting.splice(0)) value.start();
    for (const part of [...this.#parts]) part.start();
  }

  release(): void {
    for (const value of this.#owned.splice(0)) value.close();
    for (const part of [...this.#parts]) part.release();
    for (const key of this.#held) this.#drop(key);
    this.#held.clear();
    this.#waiting.length = 0;
    this.whole?.forget(this);
  }

  private forget(part: Leases): void {
    this.#parts.delete(part);
  }

  #begin(value: Pick<Owned, 'start'>): void {
    if (this.#started) value.start();
    else this.#waiting.push(value);
  }

  #drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry || --entry.leases > 0) return;
    this.entries.delete(key);
    if (isClosable(entry.value)) entry.value.close();
  }
}

const isStartable = (value: object): value is Pick<Owned, 'start'> => 'start' in value && typeof value.start === 'function';
const isClosable = (value: object): value is Pick<Owned, 'close'> => 'close' in value && typeof value.close === 'function';
