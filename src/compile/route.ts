import type { Timeouts, Upstream } from '../upstream/upstream.js';
import type { Chain } from './chain.js';

/** A route, ready to run. */
export interface Route {
  readonly id: string;
  readonly owner: string;
  /** All methods when undefined. */
  readonly methods: ReadonlySet<string> | undefined;
  readonly chain: Chain;
  /** Whether WebSockets are passed on. */
  readonly websocket: boolean;
  readonly upstream: Upstream | undefined;
  /** The route's own over the upstream's. */
  readonly timeouts: Timeouts;
}
