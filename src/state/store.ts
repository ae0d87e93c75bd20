/** State that outlives a reload, held by key for as long as a routing table leases it. */
export class Store {
  readonly #entries = new Map<string, { readonly value: object; leases: number }>();

  /** Opens a set of leases, to be released together. */
  scope(): Scope {
    const held = new Set<string>();
    return {
      retain: <T extends object>(key: string, create: () => T): T => {
        const entry = this.#entries.get(key) ?? { value: create(), leases: 0 };
        this.#entries.set(key, entry);
        if (!held.has(key)) entry.leases++;
        held.add(key);
        // a key names its type: each caller prefixes its own kind
        return entry.value as T;
      },
      release: () => {
        for (const key of held) this.#drop(key);
        held.clear();
      },
    };
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry || --entry.leases > 0) return;
    this.#entries.delete(key);
    if (isClosable(entry.value)) entry.value.close();
  }
}

/** The leases of one routing table. */
export interface Scope {
  /** The state under a key: the one that some table already leases, or a new one. */
  retain<T extends object>(key: string, create: () => T): T;
  /** Gives all leases back; what nobody leases any more is closed. */
  release(): void;
}

const isClosable = (value: object): value is { close(): void } => 'close' in value && typeof value.close === 'function';
