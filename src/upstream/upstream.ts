import type { UpstreamFault } from '../http1/index.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { Balancer } from './balancers/balancer.js';
import type { NodeHealth } from './health/health.js';
import type { NodeLoad } from './load.js';
import type { NodePool } from './pool.js';

/** One host:port of an upstream. */
export interface Node {
  /** As configured. */
  readonly host: string;
  /** What it is connected to: the address that a name stands for, or else the same. */
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  /** Of several nodes the highest are used alone. */
  readonly priority: number;
  /** The Host that `pass_host: node` sends: the host as configured, with the port unless it is the scheme's own. */
  readonly authority: string;
  readonly pool: NodePool;
  readonly load: NodeLoad;
  /** Undefined when nobody checks. */
  readonly health: NodeHealth | undefined;
}

/** Milliseconds to wait for an upstream. */
export interface Timeouts {
  readonly connect: number;
  readonly send: number;
  readonly read: number;
}

/** Learns what becomes of exchanges with nodes. */
export interface Watch {
  /** A response has begun. */
  answered(node: Node, status: number): void;
  failed(node: Node, fault: UpstreamFault): void;
  /** A response is complete, so many milliseconds after its request was sent. */
  took(node: Node, milliseconds: number): void;
}

/** The nodes of an upstream, as they are now. */
export interface Members {
  readonly nodes: readonly Node[];
  /**
   * Calls back once every name among them was looked up, or after so many milliseconds; false, or absent, when there is
   * nothing to wait for.
   */
  wait?(then: () => void, most: number): boolean;
}

/** A pool of nodes that serve the same thing, ready to run. */
export interface Upstream {
  readonly owner: string;
  readonly type: UpstreamConfig['type'];
  readonly balancer: Balancer;
  readonly members: Members;
  readonly timeouts: Timeouts;
  /** Further attempts after the first; undefined: one for each other node. */
  readonly retries: number | undefined;
  /** Milliseconds after which no further attempt begins; 0: no limit. */
  readonly retryTimeout: number;
  /** The Host to send; undefined passes the client's. */
  readonly host: ((node: Node) => string) | undefined;
  /** Learns what becomes of exchanges; undefined when nobody wants to know. */
  readonly watch: Watch | undefined;
}
