import type { Consumer } from '../plugins/plugin.js';
import type { BoundPlace } from './bind.js';
import type { Bound, Chain } from './chain.js';
import type { Route } from './route.js';

/** Merged chains that are remembered; of those that clients make in turn no more than this is worth its memory. */
const REMEMBERED_CHAINS = 10_000;

/** Makes the chain of plugins that replace a route's, once the route's rewrite has run; `added`: those that have a rewrite to come. */
export type MergeChain = (own: readonly Bound[], added: readonly Bound[]) => Chain;

/** The plugins that consumers bring along, and the chains of routes as they are for them. */
export class Overlays {
  readonly #chains = new Map<BoundPlace, Map<Route, Chain>>();
  #size = 0;

  constructor(private readonly byConsumer: ReadonlyMap<Consumer, BoundPlace>, private readonly merge: MergeChain) {}

  /**
   * What is left to run on a route for its consumer once the rewrite phase is through: the rewrite of plugins that the
   * route did not run, then access and the rest as if the consumer's plugins stood on the route. Undefined when the
   * consumer brings none.
   */
  chainFor(consumer: Consumer, route: Route): Chain | undefined {
    const overlay = this.byConsumer.get(consumer);
    return overlay && (this.#chains.get(overlay)?.get(route) ?? this.#remember(overlay, route));
  }

  #remember(overlay: BoundPlace, route: Route): Chain {
    const brought = [...overlay.values()].flatMap((bound) => bound ?? []);
    const ran = new Set(route.plugins.map(({ plugin }) => plugin));
    const kept = route.plugins.filter(({ plugin }) => !overlay.has(plugin));
    const chain = this.merge([...kept, ...brought], brought.filter(({ plugin }) => !ran.has(plugin)));
    if (this.#size >= REMEMBERED_CHAINS) {
      this.#chains.clear();
      this.#size = 0;
    }
    this.#size++;
    const ofOverlay = this.#chains.get(overlay) ?? new Map<Route, Chain>();
    this.#chains.set(overlay, ofOverlay.set(route, chain));
    return chain;
  }
}
