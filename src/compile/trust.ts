import { BlockList, isIP } from 'node:net';
import type { Report } from '../config/report.js';

/** A test of addresses against CIDRs and single addresses; undefined when there are none. */
export function trustOf(entries: readonly string[], report: Report): ((address: string) => boolean) | undefined {
  const list = new BlockList();
  entries.forEach((entry, i) => {
    if (!add(list, entry)) report.error('wrong-value', ['gateway', 'trusted_proxies', i], 'this is no address and no CIDR', { hint: 'for example 10.0.0.0/8, 127.0.0.1 or fd00::/8' });
  });
  if (entries.length === 0) return undefined;
  return (address) => isIP(address) > 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function add(list: BlockList, entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(address, family);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)) list.addSubnet(address, Number(bits), family);
  else return false;
  return true;
}
