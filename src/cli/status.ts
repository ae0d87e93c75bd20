import type { Gateway } from '../proxy/gateway.js';
import type { Reloader } from '../reload.js';
import type { Watch } from '../watch.js';
import { brief } from './events.js';

/** The body of `GET /status`. */
export function statusOf(file: string, reloader: Reloader, gateway: Gateway, watch: Watch | undefined): object {
  const { table } = gateway;
  const { last } = reloader;
  return {
    file,
    generation: table.generation,
    hash: table.hash,
    // false as long as the file says something else than what runs
    in_sync: reloader.staleSince === undefined,
    stale_since: reloader.staleSince?.toISOString() ?? null,
    stale_because: reloader.staleReasons,
    last_reload: { time: last.at.toISOString(), outcome: last.outcome, milliseconds: Math.round(last.milliseconds * 10) / 10, diagnostics: brief(last.diagnostics) },
    retired_generations: gateway.retired,
    in_flight: gateway.inFlight(),
    watch: watch ? { events: watch.up, polling: true } : false,
    errors: gateway.errors,
  };
}
