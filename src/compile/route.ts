import type { Timeouts, Upstream } from '../upstream/upstream.js';
import type { Bound, Chain } from './chain.js';

/** A route, ready to run. */
export interface Route {
  readonly id: string;
  readonly owner: string;
  readonly name: string | undefined;
  readonly service: { readonly id: string; readonly name: string | undefined } | undefined;
  /** Its plugins that are on, wherever they are written. */
  readonly plugins: readonly Bound[];
  /** Global rules, then its plugins. */
  readonly chain: Chain;
  /** Whether WebSockets are passed on. */
  readonly websocket: boolean;
  readonly upstream: Upstream | undefined;
  /** The route's own over the upstream's. */
  readonly timeouts: Timeouts;
}
