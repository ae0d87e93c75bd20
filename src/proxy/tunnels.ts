import type { RoutingTable } from '../compile/table.js';
import { LoopTicker } from '../http1/index.js';
import { Tunnel, type End } from './tunnel.js';

/** Close codes: the gateway goes away; what the tunnel went to is gone (RFC 6455, section 7.4.1, and IANA's registry). */
const GOING_AWAY = 1001;
const SERVICE_RESTART = 1012;
/** Milliseconds between two looks at all tunnels. */
const LOOK_MS = 250;

/** The open WebSockets. They outlive the table that they were asked for on; the running one decides whether they stay. */
export class Tunnels {
  readonly #open = new Set<Tunnel>();
  readonly #ticker = new LoopTicker(LOOK_MS);
  #looked = 0;
  #ending = false;

  constructor(private readonly running: () => RoutingTable) {}

  get size(): number {
    return this.#open.size;
  }

  /** Joins two connections for a route. */
  open(routeId: string, client: End, upstream: End): void {
    const tunnel: Tunnel = new Tunnel(routeId, client, upstream, () => this.#over(tunnel));
    if (this.#open.size === 0) this.#ticker.watch(this.#look);
    this.#open.add(tunnel);
    // the table may have changed, or a shutdown begun, while the upstream was asked
    if (this.#ending) tunnel.close(GOING_AWAY);
    else this.#judge(tunnel);
  }

  /** Another table runs: tunnels whose route is gone are closed after a grace, in which it may come back. */
  settle(): void {
    if (!this.#ending) this.#open.forEach((tunnel) => this.#judge(tunnel));
  }

  /** Closes all of them, and each that still opens. */
  close(): void {
    this.#ending = true;
    this.#open.forEach((tunnel) => tunnel.close(GOING_AWAY));
  }

  /** Cuts what is left. */
  cut(): void {
    this.#open.forEach((tunnel) => tunnel.destroy());
  }

  #over(tunnel: Tunnel): void {
    this.#open.delete(tunnel);
    if (this.#open.size === 0) this.#ticker.unwatch(this.#look);
  }

  readonly #look = (now: number): void => {
    const passed = now - this.#looked;
    this.#looked = now;
    const { write } = this.running().settings.clients;
    for (const tunnel of this.#open) tunnel.check(passed, write);
  };

  #judge(tunnel: Tunnel): void {
    const { routes, grace } = this.running().settings.tunnels;
    if (routes.has(tunnel.routeId)) tunnel.spare();
    else tunnel.expire(SERVICE_RESTART, grace);
  }
}
