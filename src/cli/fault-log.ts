import type { Logger } from 'pino';
import type { GatewayEvent } from '../proxy/gateway.js';

type FaultEvent = Extract<GatewayEvent, { readonly type: 'fault' }>;

/** How often the same failure of the same node is told of. */
const EVERY_MS = 10_000;
/** Different failures that are remembered; more than a configuration has nodes that fail at once. */
const MOST = 1000;

/** Logs what upstreams fail in: each node's each failure at once, and then how often it came again. */
export class FaultLog {
  readonly #last = new Map<string, { at: number; missed: number }>();

  constructor(private readonly logger: Logger) {}

  log({ route, node, fault, message }: FaultEvent): void {
    const key = `${node} ${fault}`;
    const now = performance.now();
    const last = this.#last.get(key);
    if (last && now - last.at < EVERY_MS) {
      last.missed++;
      return;
    }
    if (this.#last.size >= MOST) this.#last.clear();
    this.#last.set(key, { at: now, missed: 0 });
    const again = last && last.missed > 0 ? ` (and ${last.missed} more since it was last told of)` : '';
    this.logger.warn({ route, node, fault }, `the upstream node ${node} failed route ${route}: ${message}${again}`);
  }
}
