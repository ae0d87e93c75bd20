import { covers } from '../addresses.js';
import type { Config } from '../schema/file.js';
import type { SslConfig } from '../schema/ssl.js';
import type { Finding } from './finding.js';
import { hostsOf, type Conditions } from './guards.js';
import type { Judge } from './losses.js';
import { implies } from './restrictions.js';
import type { RoutePair } from './routes.js';

/** Judges what the gateway's own block opens: whom it believes, where it tells of itself, and which way leads round a certificate or another guard. */
export function judgeGateway({ gateway: before, ssls }: Config, { gateway: after }: Config, findings: readonly Finding[], isGuarded: () => boolean, judge: Judge): void {
  for (const finding of findings) {
    const [field = ''] = finding.path;
    if (field === 'listen' && ssls.some(asksClients) && isPlain(after) && !isPlain(before)) judge(finding, 'authentication-removed');
    if (WAYS.has(field) && isGuarded()) judge(finding, 'restriction-loosened');
    if (field === 'trusted_proxies' && after.trusted_proxies.some((entry) => !covers(before.trusted_proxies, entry))) judge(finding, 'trusted-proxies-widened');
    if (field === 'admin' && reachOf(after.admin) > reachOf(before.admin)) judge(finding, 'admin-address-opened');
  }
}

/** Fields that decide how routes are found: what one of them guarded, another may take now. */
const WAYS = new Set(['router', 'delete_uri_tail_slash', 'normalize_uri_like_servlet', 'match_uri_encoded_slash']);

/** Whether clients are served without TLS somewhere: nobody asks them for a certificate there. */
const isPlain = ({ listen }: Config['gateway']): boolean => [listen].flat().some((place) => typeof place === 'string' || !place.tls);

/** 0: nobody, 1: this machine, 2: others. */
function reachOf(admin: Config['gateway']['admin']): number {
  if (admin === false) return 0;
  const listen = typeof admin === 'object' ? admin.listen : '';
  return listen === '' || /^(127\.|localhost:|\[::1\]:)/i.test(listen) ? 1 : 2;
}

/** Judges which requests a route takes, and did not before, for a condition that is wider or gone. */
export function judgeMatch({ before, after, findings }: RoutePair, judge: Judge): void {
  if (!before || !after || !findings.some(({ path: [field = ''] }) => CONDITIONS.test(field))) return;
  const [a, b] = [before.written, after.written];
  const wider: Readonly<Record<string, boolean>> = {
    hosts: isWider(before.runs, after.runs),
    methods: !isWithin(b.methods, a.methods),
    remote_addrs: !addressesOf(b).every((address) => covers(addressesOf(a), address)),
    vars: !implies(b.vars ?? [], a.vars ?? []),
  };
  for (const finding of findings) {
    const [field = ''] = finding.path;
    if (wider[field === 'host' || field === 'remote_addr' ? `${field}s` : field] === true) judge(finding, 'restriction-loosened');
  }
}

const CONDITIONS = /^(hosts?|methods|remote_addrs?|vars)$/;

/** Whether some host is taken that was not. */
export function isWider(before: Parameters<typeof hostsOf>[0], after: Parameters<typeof hostsOf>[0]): boolean {
  const known = hostsOf(before);
  return hostsOf(after).some((host) => !known.some((other) => other === host || (other.startsWith('*') && host.endsWith(other.slice(1)))));
}

/** No list takes all. */
function isWithin(items: readonly string[] = [], others: readonly string[] = []): boolean {
  return others.length === 0 || (items.length > 0 && items.every((item) => others.includes(item)));
}

const addressesOf = ({ remote_addr: one, remote_addrs: many }: Conditions): readonly string[] => many ?? (one === undefined ? ['0.0.0.0/0', '::/0'] : [one]);

/** Whether a demand of a client's certificate is gone, or holds for less. Its names may be served by another certificate, of a wildcard. */
export function opensCertificate(before: SslConfig | undefined, after: SslConfig | undefined): boolean {
  if (!before?.client || !asksClients(before)) return false;
  if (!after?.client || !asksClients(after)) return true;
  const skipped = new Set(before.client.skip_mtls_uri_regex);
  return after.client.depth > before.client.depth || after.client.skip_mtls_uri_regex?.some((pattern) => !skipped.has(pattern)) === true;
}

/** Whether clients that ask for it need a certificate. */
const asksClients = ({ client, type, status }: SslConfig): boolean => client !== undefined && type !== 'client' && status !== 0;

/** Judges what changed of a certificate. */
export function judgeCertificate(before: SslConfig | undefined, after: SslConfig | undefined, findings: readonly Finding[], judge: Judge): void {
  for (const finding of findings) {
    const [field, inner] = finding.path;
    if (field === 'ssl_protocols' && speaks(after) && !speaks(before)) judge(finding, 'restriction-loosened');
    if (before && after && field === 'client' && inner === 'ca') judge(finding, 'credential-changed');
  }
}

/** Whether a version of TLS is spoken that is broken. */
const speaks = (ssl: SslConfig | undefined): boolean => ssl?.ssl_protocols?.includes('TLSv1.1') === true;
