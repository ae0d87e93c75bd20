import type { RoutingTable } from '../compile/table.js';
import { Connections } from './connections.js';
import type { Exchange } from './exchange.js';
import { createForwarder, type Forward } from './forward.js';

/** What the gateway tells of itself while it runs. */
export type GatewayEvent =
  | { readonly type: 'error'; readonly error: unknown }
  /** `fault`: the code of the system or of OpenSSL, or what kind of failure it was. */
  | { readonly type: 'node-failed'; readonly upstream: string; readonly node: string; readonly fault: string }
  | { readonly type: 'retired'; readonly generation: number };

/** Holds the one mutable reference of the data path: the routing table that new requests enter. */
export class Gateway {
  #table: RoutingTable;
  readonly #retiring = new Set<RoutingTable>();
  #retired = 0;
  #errors = 0;
  readonly connections = new Connections();
  readonly forward: Forward = createForwarder((error) => this.report(error), (x) => this.#failed(x));

  constructor(
    first: RoutingTable,
    private readonly notify: (event: GatewayEvent) => void,
    /** Sees every exchange as it begins; for access logs and metrics. */
    readonly observe: (x: Exchange) => void = () => {},
  ) {
    this.#table = first;
  }

  get table(): RoutingTable {
    return this.#table;
  }

  /** Lets new requests enter another table; the old one is released when its last request has left. */
  swap(next: RoutingTable): void {
    const old = this.#table;
    this.#table = next;
    this.#retiring.add(old);
    old.retire(() => {
      this.#retiring.delete(old);
      this.#retired++;
      this.notify({ type: 'retired', generation: old.generation });
    });
  }

  /** Tables that have been released. */
  get retired(): number {
    return this.#retired;
  }

  /** Bugs of ours that were met and survived. */
  get errors(): number {
    return this.#errors;
  }

  /** Requests in flight by generation, the running one first. */
  inFlight(): { generation: number; requests: number }[] {
    return [this.#table, ...this.#retiring].map((table) => ({ generation: table.generation, requests: table.inFlight }));
  }

  #failed({ route, node, fault }: Exchange): void {
    if (route?.upstream && node && fault !== undefined) this.notify({ type: 'node-failed', upstream: route.upstream.owner, node: node.authority, fault });
  }

  /** Tells of a bug of ours that a request met. */
  report(error: unknown): void {
    this.#errors++;
    this.notify({ type: 'error', error });
  }
}
