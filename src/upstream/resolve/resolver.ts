import { lookup, Resolver } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import { parseAddress } from '../address.js';
import { inHostsFile } from './hosts.js';
import type { Answer, Found } from './lookup.js';

/** Asks what names stand for: the hosts file first, then DNS; and what DNS does not know, the system. */
export class NameResolver {
  #resolver: Resolver | undefined;

  /** `servers`: `host:port`, in place of those of the system. */
  constructor(private readonly servers: readonly string[] = []) {}

  /** The addresses of a name: IPv4 if there are any, or else IPv6. Throws when there are none. */
  async addresses(name: string): Promise<Answer> {
    if (isIP(name) > 0) return answer([name], HOSTS_TTL);
    const written = oneFamily(await inHostsFile(name.toLowerCase()));
    if (written.length > 0) return answer(written, HOSTS_TTL);
    try {
      return await this.#records(name);
    } catch (error) {
      // search domains, mDNS and what else the system has
      if (this.servers.length > 0) throw error;
      return answer(oneFamily((await lookup(name, { all: true })).map(({ address }) => address)), SYSTEM_TTL);
    }
  }

  /** The nodes of a service, `name` or `name:port`: SRV records if there are any, or else its addresses. */
  async service(text: string): Promise<Answer> {
    const { host, port } = parseAddress(text) ?? { host: text, port: undefined };
    const records = isIP(host) > 0 ? [] : await noneIfUnknown(this.#dns().resolveSrv(host));
    if (records.length === 0) {
      const { found, ttl } = await this.addresses(host);
      return { found: found.map((node) => ({ ...node, port })), ttl };
    }
    const targets = await Promise.allSettled(records.map(async (record) => {
      const { found, ttl } = await this.addresses(record.name);
      return { ttl, found: found.map(({ address }): Found => ({ address, host: record.name, port: port ?? (record.port || undefined), weight: record.weight || 1, priority: -record.priority })) };
    }));
    const known = targets.flatMap((target) => (target.status === 'fulfilled' ? [target.value] : []));
    const [failed] = targets.flatMap((target) => (target.status === 'rejected' ? [target.reason as unknown] : []));
    if (known.length === 0) throw failed;
    return { found: known.flatMap(({ found }) => found), ttl: Math.min(SRV_TTL, ...known.map(({ ttl }) => ttl)) };
  }

  async #records(name: string): Promise<Answer> {
    const dns = this.#dns();
    const four = await noneIfUnknown(dns.resolve4(name, { ttl: true }));
    const records = four.length > 0 ? four : await dns.resolve6(name, { ttl: true });
    return answer(records.map(({ address }) => address), Math.min(...records.map(({ ttl }) => ttl)));
  }

  /** Made at the first question: to make one is to read the system's configuration. */
  #dns(): Resolver {
    if (this.#resolver) return this.#resolver;
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    if (this.servers.length > 0) resolver.setServers(this.servers);
    return (this.#resolver = resolver);
  }
}

/** Seconds that a line of the hosts file counts: so soon a change of it is seen. */
const HOSTS_TTL = 5;
/** Seconds that the system's answer counts, which tells no time. */
const SYSTEM_TTL = 10;
/** Seconds that SRV records count at most; Node does not tell their own time. */
const SRV_TTL = 30;

const answer = (addresses: readonly string[], ttl: number): Answer => ({ found: addresses.map((address) => ({ address })), ttl });

/** IPv4 goes first, as in APISIX: many a network has no way for IPv6, and half of the connections would fail. */
function oneFamily(addresses: readonly string[]): string[] {
  const four = addresses.filter((address) => isIPv4(address));
  return four.length > 0 ? four : [...addresses];
}

async function noneIfUnknown<T>(records: Promise<T[]>): Promise<T[]> {
  try {
    return await records;
  } catch (error) {
    if (['ENODATA', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
