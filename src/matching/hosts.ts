/** A test of a host (lower case, without port) against exact names and wildcards; undefined when any will do. */
export function hostTest(hosts: readonly string[]): ((host: string) => boolean) | undefined {
  if (hosts.length === 0) return undefined;
  const names = new Set(hosts.filter((host) => !host.startsWith('*')));
  const endings = hosts.filter((host) => host.startsWith('*')).map((host) => host.slice(1));
  return (host) => names.has(host) || endings.some((ending) => host.endsWith(ending));
}

/** Values by host, exact or with a leading wildcard. */
export class HostIndex<T> {
  readonly #exact = new Map<string, T>();
  readonly #endings = new Map<string, T>();
  /** Lengths of endings that do not begin with a dot. */
  readonly #odd = new Set<number>();

  /** The value of a host, made when it is asked for first. */
  at(host: string, create: () => T): T {
    const wild = host.startsWith('*');
    const key = wild ? host.slice(1) : host;
    const map = wild ? this.#endings : this.#exact;
    const known = map.get(key) ?? create();
    map.set(key, known);
    if (wild && !key.startsWith('.')) this.#odd.add(key.length);
    return known;
  }

  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#endings.size === 0;
  }

  values(): T[] {
    return [...this.#exact.values(), ...this.#endings.values()];
  }

  /** The values for a host: of its exact name, then of the wildcards that fit, the longest first. */
  find(host: string): T[] {
    const found: T[] = [];
    const exact = this.#exact.get(host);
    if (exact !== undefined) found.push(exact);
    if (this.#endings.size === 0) return found;
    for (let at = 0; at <= host.length; at++) {
      if (host.charCodeAt(at) !== DOT && !this.#odd.has(host.length - at)) continue;
      const value = this.#endings.get(host.slice(at));
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}

const DOT = 0x2e;
