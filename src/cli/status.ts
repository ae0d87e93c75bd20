import type { Gateway } from '../proxy/gateway.js';
import type { Reloader } from '../reload.js';
import { brief } from './events.js';
import type { Following } from './follow.js';

/** What there is to tell of. */
export interface StatusSource {
  readonly file: string;
  readonly reloader: Reloader;
  readonly gateway: Gateway;
  readonly following: Following | undefined;
  /** Fields that wait for the next start. */
  readonly moved: readonly string[];
}

/** The body of `GET /status`. */
export function statusOf({ file, reloader, gateway, following, moved }: StatusSource): object {
  const { table } = gateway;
  const { last } = reloader;
  return {
    file,
    generation: table.generation,
    hash: table.hash,
    // false as long as the file says something else than what runs; null when nobody looks
    in_sync: following?.up === undefined && reloader.staleSince === undefined ? null : reloader.staleSince === undefined && !reloader.isBusy,
    stale_since: reloader.staleSince?.toISOString() ?? null,
    stale_because: reloader.staleReasons,
    restart_needed: moved,
    last_reload: { time: last.at.toISOString(), outcome: last.outcome, milliseconds: Math.round(last.milliseconds * 10) / 10, diagnostics: brief(last.diagnostics) },
    retired_generations: gateway.retired,
    in_flight: gateway.inFlight(),
    tunnels: gateway.tunnels.size,
    watch: following?.up === undefined ? false : { events: following.up, polling: true },
    errors: gateway.errors,
  };
}
