import type { RouteConfig } from '../schema/route.js';
import type { Timeouts } from '../upstream/upstream.js';

/** What applies where neither a route nor its upstream says otherwise. */
export const DEFAULT_TIMEOUTS: Timeouts = { connect: 60_000, send: 60_000, read: 60_000 };

/** A configured timeout in milliseconds. */
export function timeoutsOf(config: RouteConfig['timeout']): Timeouts | undefined {
  return config && { connect: config.connect * 1000, send: config.send * 1000, read: config.read * 1000 };
}
