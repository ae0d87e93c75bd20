import type { Logger } from 'pino';
import type { GatewayEvent } from '../proxy/gateway.js';
import { quiet } from './quiet.js';

type NodeFailed = Extract<GatewayEvent, { type: 'node-failed' }>;

/** Logs failures of nodes: the first at once, and then at most a line per minute for each node and reason. */
export function logFailures(log: Logger, now: () => number = () => performance.now()): (event: NodeFailed) => void {
  const once = quiet(now);
  return ({ upstream, node, fault }) => once(`${upstream} ${node} ${fault}`, (more) => {
    log.warn({ upstream, node, fault }, `${upstream}: node ${node} failed: ${fault}${more}${isDistrust(fault) ? HINT : ''}`);
  });
}

const HINT = '; its certificate is not believed: `tls.ca` names other authorities, and `tls.verify: false` takes any certificate';

/** Whether a code is what OpenSSL or Node say of a certificate (as Node's documentation lists them). */
function isDistrust(code: string): boolean {
  return /CERT|SELF_SIGNED|^UNABLE_TO|^CRL_|^INVALID_(CA|PURPOSE)$/.test(code) && !code.includes('ALERT');
}
