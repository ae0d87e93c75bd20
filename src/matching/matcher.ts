import { each, type Steps } from '../steps.js';
import { HostIndex } from './hosts.js';
import { PathIndex, type Match, type Trace } from './path-index.js';
import { pattern } from './pattern.js';
import { Candidate, type Rule, type Subject } from './rule.js';

/** The ways of Apache APISIX to find a route. */
export type Router = 'radixtree_host_uri' | 'radixtree_uri' | 'radixtree_uri_with_parameter';

/** Hosts whose indexes are remembered. */
const REMEMBERED_HOSTS = 10_000;

/**
 * Finds the route of a request, as Apache APISIX's routers do. `radixtree_host_uri`: an exact host before a wildcard, a
 * longer wildcard before a shorter, routes without a host last, whatever their paths and priorities; the other two: the
 * host is one more condition, and `radixtree_uri_with_parameter` knows `:name` and `*name`. Below that exact paths go
 * before prefixes, longer prefixes before shorter, and of one path the higher priority, then the first in the file. What
 * does not fit falls through to the next candidate.
 */
export class Matcher<R> {
  readonly #hosts = new HostIndex<PathIndex<R>>();
  readonly #anyHost = new PathIndex<R>();
  readonly #anyHostOnly: readonly PathIndex<R>[] = [this.#anyHost];
  readonly #byHost = new Map<string, readonly PathIndex<R>[]>();

  /** Makes a matcher of rules in the order of their file. */
  static *of<R>(rules: readonly Rule<R>[], router: Router = 'radixtree_host_uri'): Steps<Matcher<R>> {
    const matcher = new Matcher<R>();
    const byHost = router === 'radixtree_host_uri';
    // what goes first is put last
    yield* each(inOrder(rules).reverse(), (rule) => matcher.#put(rule, byHost, router === 'radixtree_uri_with_parameter'));
    for (const index of [...matcher.#hosts.values(), matcher.#anyHost]) {
      yield* index.seal();
      yield;
    }
    return matcher;
  }

  /** `path` decoded, each byte a character. `trace` is told of what was tried in vain. */
  find(x: Subject, path: string, trace?: Trace<R>): Match<R> {
    const indexes = this.#byHost.get(x.host) ?? this.#forHost(x.host);
    for (const index of indexes) {
      const match = index.find(x, path, trace);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** The indexes to try for a host, in order; remembered for as many hosts as clients that are not up to mischief name. */
  #forHost(host: string): readonly PathIndex<R>[] {
    if (this.#hosts.isEmpty) return this.#anyHostOnly;
    const found = this.#hosts.find(host);
    const indexes = found.length === 0 ? this.#anyHostOnly : [...found, this.#anyHost];
    if (this.#byHost.size >= REMEMBERED_HOSTS) this.#byHost.clear();
    this.#byHost.set(host, indexes);
    return indexes;
  }

  #put(rule: Rule<R>, byHost: boolean, parameters: boolean): void {
    const indexes = byHost ? this.#indexes(rule.hosts) : this.#anyHostOnly;
    for (const uri of rule.uris.toReversed()) {
      const compiled = pattern(uri, parameters);
      for (const index of indexes) index.put(compiled, new Candidate(rule, compiled, !byHost));
    }
  }

  #indexes(hosts: readonly string[]): PathIndex<R>[] {
    if (hosts.length === 0) return [this.#anyHost];
    return hosts.map((host) => this.#hosts.at(host, () => new PathIndex()));
  }
}

/** Rules as those of one path are tried: the higher priority first, then the first in the file. */
export function inOrder<R>(rules: readonly Rule<R>[]): Rule<R>[] {
  return rules.toSorted((a, b) => b.priority - a.priority);
}
