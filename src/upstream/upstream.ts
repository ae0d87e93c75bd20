import type { Balancer } from './balancer.js';
import type { NodePool } from './pool.js';

/** One host:port of an upstream. */
export interface Node {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** The Host that `pass_host: node` sends: the host as configured, with the port unless it is the scheme's own. */
  readonly authority: string;
  readonly pool: NodePool;
}

/** Milliseconds to wait for an upstream. */
export interface Timeouts {
  readonly connect: number;
  readonly send: number;
  readonly read: number;
}

/** A pool of nodes that serve the same thing, ready to run. */
export interface Upstream {
  readonly owner: string;
  readonly balancer: Balancer;
  readonly timeouts: Timeouts;
  /** Further attempts after the first. */
  readonly retries: number;
  /** Milliseconds after which no further attempt begins; 0: no limit. */
  readonly retryTimeout: number;
  /** The Host to send; undefined passes the client's. */
  readonly host: ((node: Node) => string) | undefined;
}
