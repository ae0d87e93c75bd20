import type { Matcher } from '../matching/matcher.js';
import type { Match, Trace } from '../matching/path-index.js';
import type { PathRule } from '../matching/path-rule.js';
import type { Subject } from '../matching/rule.js';
import type { Consumer } from '../plugins/plugin.js';
import type { Scope } from '../state/store.js';
import type { Sites } from '../tls/sites.js';
import type { Upstream } from '../upstream/upstream.js';
import type { Chain } from './chain.js';
import type { ClientLimits } from './clients.js';
import type { Overlays } from './overlays.js';
import type { Route } from './route.js';

/** Which tunnels may stay while a table runs. */
export interface TunnelRules {
  /** The ids of routes that pass WebSockets on, and are in service. */
  readonly routes: ReadonlySet<string>;
  /** Milliseconds that a tunnel is given once its route is none of these. */
  readonly grace: number;
}

/** What the `gateway:` block says to the request path. */
export interface TableSettings {
  /** Whether a peer is believed about where requests come from; nobody is when undefined. */
  readonly trusts: ((address: string) => boolean) | undefined;
  /** How the path that is matched differs from the decoded one; undefined when it does not. */
  readonly matchedPath: PathRule | undefined;
  readonly tunnels: TunnelRules;
  /** The certificates that clients are shown, by server name. */
  readonly sites: Sites;
  /** Whether every answer of an upstream tells its status, and not failures alone. */
  readonly showsUpstreamStatus: boolean;
  /** What is asked of clients. */
  readonly clients: ClientLimits;
}

/** What is no route's own. */
export interface TableShares {
  readonly unrouted: Chain;
  /** Undefined when no consumer brings plugins along. */
  readonly overlays: Overlays | undefined;
  readonly upstreams: readonly Upstream[];
}

/** Everything that a request needs, of one generation of the configuration. Nothing in it changes but who is in it. */
export class RoutingTable {
  #inFlight = 0;
  #retired = false;
  #onDrained: (() => void) | undefined;

  constructor(
    readonly generation: number,
    /** SHA-256 of the file that it was made of, in hex. */
    readonly hash: string,
    readonly routes: readonly Route[],
    private readonly matcher: Matcher<Route>,
    private readonly scope: Scope,
    readonly settings: TableSettings,
    private readonly shares: TableShares,
  ) {}

  /** The upstreams of its routes. */
  get upstreams(): readonly Upstream[] {
    return this.shares.upstreams;
  }

  /** What a request meets that no route takes: the global rules. */
  get unrouted(): Chain {
    return this.shares.unrouted;
  }

  /** What is left to run for a consumer that brings plugins along, once the rewrite phase of its route is through. */
  overlaid(consumer: Consumer, route: Route): Chain | undefined {
    return this.shares.overlays?.chainFor(consumer, route);
  }

  /** The table is about to serve: probes and look-ups begin. */
  start(): void {
    this.scope.start();
  }

  /** The candidate that takes a request. `trace` is told of those that were tried in vain. */
  match(x: Subject, path: string, trace?: Trace<Route>): Match<Route> {
    return this.matcher.find(x, path, trace);
  }

  /** Requests that began on this table and have not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  enter(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
    if (this.#retired) this.#releaseWhenEmpty();
  }

  /** No new request enters; once the last has left, what only this table used is released. */
  retire(onDrained: () => void): void {
    this.#retired = true;
    this.#onDrained = onDrained;
    // not at once: who swaps tells of the new table before the old one is told of
    queueMicrotask(() => this.#releaseWhenEmpty());
  }

  #releaseWhenEmpty(): void {
    if (this.#inFlight > 0) return;
    const onDrained = this.#onDrained;
    this.#onDrained = undefined;
    if (!onDrained) return;
    this.scope.release();
    onDrained();
  }
}
