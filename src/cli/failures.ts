import type { Logger } from 'pino';
import type { GatewayEvent } from '../proxy/gateway.js';

type NodeFailed = Extract<GatewayEvent, { type: 'node-failed' }>;

/** Milliseconds between two lines about the same failure of the same node. */
const QUIET = 60_000;
/** Failures that are told apart; beyond that all are told anew. */
const MOST = 1000;

/** Logs failures of nodes: the first at once, and then at most a line per minute for each node and reason. */
export function logFailures(log: Logger, now: () => number = () => performance.now()): (event: NodeFailed) => void {
  const told = new Map<string, { at: number; since: number }>();
  return ({ upstream, node, fault }) => {
    const key = `${upstream} ${node} ${fault}`;
    const before = told.get(key);
    if (before && now() - before.at < QUIET) {
      before.since++;
      return;
    }
    const more = before && before.since > 0 ? `, as it did ${before.since} times since that was told` : '';
    if (told.size >= MOST) told.clear();
    told.set(key, { at: now(), since: 0 });
    log.warn({ upstream, node, fault }, `${upstream}: node ${node} failed: ${fault}${more}${isDistrust(fault) ? HINT : ''}`);
  };
}

const HINT = '; its certificate is not believed: `tls.ca` names other authorities, and `tls.verify: false` takes any certificate';

/** Whether a code is what OpenSSL or Node say of a certificate (as Node's documentation lists them). */
function isDistrust(code: string): boolean {
  return /CERT|SELF_SIGNED|^UNABLE_TO|^CRL_|^INVALID_(CA|PURPOSE)$/.test(code) && !code.includes('ALERT');
}
