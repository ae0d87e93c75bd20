import type { Exchange } from '../../plugins/plugin.js';
import type { Node } from '../upstream.js';

/** Picks the node that serves a request; undefined when none may. */
export interface Balancer {
  /** `tried`: nodes that failed for this request, or that are not to be asked. */
  pick(x: Exchange, tried?: ReadonlySet<Node>): Node | undefined;
}

/** Finds what a balancer of the same upstream and nodes left under a key, or makes it: whose turn it is outlives a reload. */
export type Keep = <T extends object>(key: string, create: () => T) => T;

/** Makes the balancer of nodes of which each has a weight of 1 or more. */
export type MakeBalancer = (nodes: readonly Node[], keep: Keep) => Balancer;

/** How nodes are picked. */
export interface Balancing {
  readonly make: MakeBalancer;
  /**
   * Nodes that are not healthy keep their place, and are passed over when it is their turn: the requests of the others
   * stay where they are. Otherwise they are left out, as if they were not there.
   */
  readonly keepsPlaces: boolean;
}
