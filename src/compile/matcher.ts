import { PathIndex } from './path-index.js';
import type { Route } from './route.js';

/** How a route is found. */
export interface Rule {
  readonly route: Route;
  readonly uris: readonly string[];
  /** Lower case; none means any host. */
  readonly hosts: readonly string[];
  readonly priority: number;
}

/** Hosts whose indexes are remembered. */
const REMEMBERED_HOSTS = 10_000;

/**
 * Finds the route of a request as APISIX's default router (radixtree_host_uri) does: an exact host before a wildcard,
 * a longer wildcard before a shorter, routes without a host last; below each host exact paths before prefixes,
 * longer prefixes before shorter, and of one path the higher priority, then the first in the file. What does not fit
 * falls through to the next candidate.
 */
export class Matcher {
  readonly #exact = new Map<string, PathIndex>();
  readonly #suffixes = new Map<string, PathIndex>();
  readonly #lengths: readonly number[];
  readonly #anyHost = new PathIndex();
  readonly #anyHostOnly: readonly PathIndex[] = [this.#anyHost];
  readonly #byHost = new Map<string, readonly PathIndex[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules.toSorted((a, b) => b.priority - a.priority)) {
      for (const index of this.#indexes(rule.hosts)) for (const uri of rule.uris) index.add(uri, rule.route);
    }
    this.#lengths = [...new Set([...this.#suffixes.keys()].map((s) => s.length))].sort((a, b) => b - a);
  }

  /** `host` in lower case without port, `path` decoded. */
  find(method: string, host: string, path: string): Route | undefined {
    const indexes = this.#byHost.get(host) ?? this.#forHost(host);
    for (const index of indexes) {
      const found = index.find(method, path);
      if (found) return found;
    }
    return undefined;
  }

  /** The indexes to try for a host, in order; remembered for as many hosts as clients that are not up to mischief name. */
  #forHost(host: string): readonly PathIndex[] {
    if (this.#exact.size === 0 && this.#suffixes.size === 0) return this.#anyHostOnly;
    const suffixes = this.#lengths.flatMap((length) => (length <= host.length ? (this.#suffixes.get(host.slice(host.length - length)) ?? []) : []));
    const indexes = [this.#exact.get(host) ?? [], suffixes, this.#anyHost].flat();
    if (this.#byHost.size >= REMEMBERED_HOSTS) this.#byHost.clear();
    this.#byHost.set(host, indexes);
    return indexes;
  }

  #indexes(hosts: readonly string[]): PathIndex[] {
    if (hosts.length === 0) return [this.#anyHost];
    return hosts.map((host) => (host.startsWith('*') ? entry(this.#suffixes, host.slice(1)) : entry(this.#exact, host)));
  }
}

function entry(map: Map<string, PathIndex>, key: string): PathIndex {
  const index = map.get(key) ?? new PathIndex();
  map.set(key, index);
  return index;
}
