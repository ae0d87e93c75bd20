import { addressList } from '../addresses.js';
import type { Report } from '../config/report.js';

/** A test of addresses against CIDRs and single addresses; undefined when there are none. */
export function trustOf(entries: readonly string[], report: Report): ((address: string) => boolean) | undefined {
  // all of IPv6 holds IPv4 as well, for a socket that serves both
  const all = entries.includes('::/0') ? [...entries, '0.0.0.0/0'] : entries;
  const list = addressList(all, (i) => report.error('wrong-value', ['gateway', 'trusted_proxies', i], 'this is no address and no CIDR', { hint: 'for example 10.0.0.0/8, 127.0.0.1 or fd00::/8' }));
  return entries.length === 0 ? undefined : (address) => list.has(address);
}
