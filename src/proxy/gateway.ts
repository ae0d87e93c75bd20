import type { Socket } from 'node:net';
import type { RoutingTable } from '../compile/table.js';
import type { Peer } from '../tls/peer.js';
import { Connections } from './connections.js';
import type { Exchange, GatewayRequest, GatewayResponse } from './exchange.js';
import type { UpstreamFault } from '../http1/index.js';
import { createForwarder, type Forward } from './forward.js';
import type { Keeper } from './forwarding.js';
import { Sessions } from './http2/sessions.js';
import { Openings } from './opening.js';
import { Tunnels } from './tunnels.js';

/** What the gateway tells of itself while it runs. */
export type GatewayEvent =
  | { readonly type: 'error'; readonly error: unknown }
  /** `fault`: the code of the system or of OpenSSL, or what kind of failure it was. */
  | { readonly type: 'node-failed'; readonly upstream: string; readonly node: string; readonly fault: string }
  | { readonly type: 'retired'; readonly generation: number };

/** Holds the one mutable reference of the data path: the routing table that new requests enter. */
export class Gateway implements Keeper {
  #table: RoutingTable;
  readonly #retiring = new Set<RoutingTable>();
  #retired = 0;
  #errors = 0;
  readonly connections: Connections;
  readonly openings = new Openings();
  readonly sessions = new Sessions(() => this.#table.settings.clients);
  /** What came of the TLS handshake of each connection that had one. */
  readonly peers = new WeakMap<Socket, Peer>();
  readonly tunnels = new Tunnels(() => this.#table);
  readonly forward: Forward = createForwarder(this);

  constructor(
    first: RoutingTable,
    private readonly notify: (event: GatewayEvent) => void,
    /** Sees every request as it begins; for access logs and metrics. */
    readonly observe: (req: GatewayRequest, res: GatewayResponse) => void = () => {},
  ) {
    this.#table = first;
    first.start();
    this.connections = new Connections(first.settings.clients);
  }

  get table(): RoutingTable {
    return this.#table;
  }

  /** Lets new requests enter another table; the old one is released when its last request has left. */
  swap(next: RoutingTable): void {
    const old = this.#table;
    next.start();
    this.#table = next;
    this.tunnels.settle();
    this.connections.limit(next.settings.clients);
    this.#retiring.add(old);
    old.retire(() => {
      this.#retiring.delete(old);
      this.#retired++;
      this.notify({ type: 'retired', generation: old.generation });
    });
  }

  /** Takes no further request: ends each connection after its answers, and each WebSocket now. */
  close(): void {
    this.openings.close();
    this.sessions.close();
    this.connections.close();
    this.tunnels.close();
  }

  /** Cuts every connection that is left. */
  cut(): void {
    this.openings.close();
    this.sessions.cut();
    this.connections.cut();
    this.tunnels.cut();
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

  failed(x: Exchange, fault: UpstreamFault): void {
    const { route, node } = x;
    // a kept connection may be closed at any time, and what a client sends is no fault of the node's
    if (fault.retryable || fault.kind === 'request' || !route?.upstream || !node) return;
    route.upstream.watch?.failed(node, fault);
    this.notify({ type: 'node-failed', upstream: route.upstream.owner, node: node.authority, fault: fault.code ?? fault.kind });
  }

  /** Tells of a bug of ours that a request met. */
  report(error: unknown): void {
    this.#errors++;
    this.notify({ type: 'error', error });
  }
}
