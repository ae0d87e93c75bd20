import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Closing } from './gateway.js';

/** What a name has; `fail` answers with SERVFAIL, `silent` not at all; what it does not have is NXDOMAIN. */
export interface Zone {
  [name: string]: { ttl?: number; a?: string[]; aaaa?: string[]; srv?: { target: string; port: number; priority?: number; weight?: number }[]; fail?: boolean; silent?: boolean };
}

/** A DNS server on the loopback; its zone may be changed while it runs. */
export interface DnsServer {
  readonly address: string;
  readonly zone: Zone;
  /** Questions that were asked: `A name`. */
  readonly asked: string[];
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA' | 'SRV'>> = { 1: 'A', 28: 'AAAA', 33: 'SRV' };

/** Starts a DNS server. */
export async function startDns(t: Closing, zone: Zone): Promise<DnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4', (query, from) => {
    const answer = answerTo(query, zone, asked);
    if (answer) socket.send(answer, from.port, from.address);
  }).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, zone, asked };
}

function answerTo(query: Buffer, zone: Zone, asked: string[]): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const type = TYPES[query.readUInt16BE(at + 1)] ?? '?';
  const name = labels.join('.').toLowerCase();
  asked.push(`${type} ${name}`);
  const entry = zone[name];
  if (entry?.silent) return undefined;
  const records = entry ? recordsOf(entry, type) : [];
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | (entry === undefined ? 3 : entry.fail ? 2 : 0), 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, question, ...records.map((data) => record(query.readUInt16BE(at + 1), entry?.ttl ?? 60, data))]);
}

function recordsOf({ a = [], aaaa = [], srv = [] }: Zone[string], type: string): Buffer[] {
  if (type === 'A') return a.map((address) => Buffer.from(address.split('.').map(Number)));
  if (type === 'AAAA') return aaaa.map(ipv6);
  if (type !== 'SRV') return [];
  return srv.map(({ target, port, priority = 0, weight = 1 }) => {
    const numbers = Buffer.alloc(6);
    [priority, weight, port].forEach((value, i) => numbers.writeUInt16BE(value, i * 2));
    return Buffer.concat([numbers, ...target.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);
  });
}

/** Of `::1` and the like. */
function ipv6(address: string): Buffer {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [before, after] = [groups(left), groups(right)];
  const bytes = Buffer.alloc(16);
  [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after].forEach((group, i) => bytes.writeUInt16BE(group, i * 2));
  return bytes;
}

function record(type: number, ttl: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
