import { isIP } from 'node:net';

/** Addresses and CIDRs, IPv4 and IPv6. A look takes as many steps as there are different prefix lengths, however long the list. */
export interface AddressList {
  has(address: string): boolean;
}

/** Makes a list; `wrong` is told the index of each entry that is no address and no CIDR. */
export function addressList(entries: readonly string[], wrong: (index: number) => void): AddressList {
  const networks = new Map<number, Set<string>>();
  entries.forEach((entry, i) => {
    const network = parse(entry);
    if (!network) return wrong(i);
    const { bits, length } = network;
    const known = networks.get(length) ?? new Set();
    networks.set(length, known.add(bits.slice(0, length)));
  });
  const lengths = [...networks].sort(([a], [b]) => a - b);
  return {
    has(address) {
      const bits = bitsOf(address);
      return bits !== undefined && lengths.some(([length, known]) => known.has(bits.slice(0, length)));
    },
  };
}

/** Whether one of these addresses and CIDRs holds all that another stands for. */
export function covers(entries: readonly string[], entry: string): boolean {
  const inner = parse(entry);
  return inner !== undefined && entries.some((other) => {
    const outer = parse(other);
    return outer !== undefined && outer.length <= inner.length && inner.bits.startsWith(outer.bits.slice(0, outer.length));
  });
}

interface Network {
  readonly bits: string;
  readonly length: number;
}

function parse(entry: string): Network | undefined {
  const [address = '', length, ...more] = entry.split('/');
  const bits = bitsOf(address);
  if (bits === undefined || more.length > 0) return undefined;
  if (length === undefined) return { bits, length: bits.length };
  const most = isIP(address) === 6 ? 128 : 32;
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return undefined;
  // a mapped network is one of IPv4, unless it is wider than all of that
  if (bits.startsWith(V4) && Number(length) < most - 32) return { bits: V6 + MAPPED, length: 1 + Number(length) };
  return { bits, length: bits.length - most + Number(length) };
}

/** One character for the version, then the bits; an IPv4 address that is mapped into IPv6 is the IPv4 address. */
function bitsOf(address: string): string | undefined {
  const version = isIP(address);
  if (version === 4) return V4 + address.split('.').map((part) => binary(Number(part), 8)).join('');
  if (version !== 6 || address.includes('%')) return undefined;
  const bits = groupsOf(address).map((group) => binary(group, 16)).join('');
  return bits.startsWith(MAPPED) ? V4 + bits.slice(MAPPED.length) : V6 + bits;
}

const V4 = '4';
const V6 = '6';
const MAPPED = '0'.repeat(80) + '1'.repeat(16);

function groupsOf(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = (dotted?.slice(1) ?? []).map(Number);
  const plain = dotted ? address.slice(0, dotted.index) + ((a << 8) | b).toString(16) + ':' + ((c << 8) | d).toString(16) : address;
  const [left = [], right = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== '').map((group) => parseInt(group, 16)));
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

const binary = (value: number, length: number): string => value.toString(2).padStart(length, '0');
