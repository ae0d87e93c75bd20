import { isIP } from 'node:net';
import type { LinkedUpstream } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { GatewayConfig } from '../schema/gateway.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { portOf } from '../schema/schemes.js';
import type { Scope } from '../state/store.js';
import { parseAddress } from '../upstream/address.js';
import type { Place, Source } from '../upstream/live.js';
import { Lookup, type Found } from '../upstream/resolve/lookup.js';
import { NameResolver } from '../upstream/resolve/resolver.js';
import type { UpstreamContext } from './compile-upstream.js';
import type { Surroundings } from './surroundings.js';

/** How names are looked up. */
export interface Names {
  /** The addresses of a node's name; undefined: the name itself. */
  address(name: string): Lookup | undefined;
  /** The nodes of a service; undefined: one, under its name. */
  service(name: string): Lookup | undefined;
}

/** The look-ups of a configuration, shared by all of its upstreams and with other generations. */
export function namesOf({ dns_resolver: servers, discovery }: GatewayConfig, scope: Scope, { lively, tell }: Surroundings): Names {
  const lookup = (kind: 'addresses' | 'service', name: string, asked: readonly string[]): Lookup | undefined =>
    lively ? scope.retain(`lookup ${kind} ${name} ${asked.join()}`, () => {
      const resolver = new NameResolver(asked);
      return new Lookup(name, () => resolver[kind](name), tell);
    }) : undefined;
  return {
    address: (name) => lookup('addresses', name, servers),
    service: (name) => lookup('service', name, discovery.dns.servers),
  };
}

/** Where an upstream's nodes come from. */
export function sourcesOf({ config, path }: LinkedUpstream, { report, names }: UpstreamContext): Source[] {
  if (config.service_name !== undefined) {
    if (config.discovery_type === undefined) report.error('missing-field', [...path, 'service_name'], '`service_name` needs `discovery_type`', { spot: 'key', hint: 'write `discovery_type: dns`' });
    return [serviceSource(config, names)];
  }
  return nodesOf(config, path, report).map((node) => nodeSource(node, config, names));
}

/** A node at an address is there; one with a name is wherever that stands for. */
function nodeSource({ host, port, weight, priority }: WrittenNode, { scheme }: UpstreamConfig, names: Names): Source {
  const place: Place = { host, address: host, port: port ?? portOf(scheme), weight, priority };
  if (isIP(host) > 0) return { lookup: undefined, places: () => [place] };
  const lookup = names.address(host.toLowerCase());
  return { lookup, places: () => lookup?.found.map(({ address }) => ({ ...place, address })) ?? [place] };
}

function serviceSource({ service_name: name = '', scheme }: UpstreamConfig, names: Names): Source {
  const lookup = names.service(name);
  const { host: own, port: written } = parseAddress(name) ?? { host: name, port: undefined };
  const alone: Found = { address: own, port: written };
  return {
    lookup,
    places: () => (lookup?.found ?? [alone]).map(({ address, host = own, port = portOf(scheme), weight = 1, priority = 0 }) => ({ host, address, port, weight, priority })),
  };
}

interface WrittenNode {
  readonly host: string;
  readonly port: number | undefined;
  readonly weight: number;
  readonly priority: number;
}

/** The nodes of either form: a mapping of address to weight, or a list. */
function nodesOf(config: UpstreamConfig, path: Path, report: Report): WrittenNode[] {
  const at = [...path, 'nodes'];
  const written = Array.isArray(config.nodes)
    ? config.nodes.map((node: { host: string; port?: number; weight: number; priority: number }, i) => ({ ...node, at: [...at, i, 'host'] as Path }))
    : Object.entries((config.nodes ?? {}) as Readonly<Record<string, number>>).map(([host, weight]) => ({ host, weight, port: undefined, priority: 0, at: [...at, host] as Path }));
  return written.flatMap(({ host, port, weight, priority, at: place }) => {
    const address = parseAddress(host);
    if (address) return [{ host: address.host, port: port ?? address.port, weight, priority }];
    report.error('wrong-value', place, 'a node is `host` or `host:port`', { spot: Array.isArray(config.nodes) ? 'value' : 'key', hint: nodeHint(host) });
    return [];
  });
}

function nodeHint(host: string): string {
  if (host.includes('$')) return 'an environment variable is written `${{NAME}}`';
  // no user and no password
  const [, scheme = '', bare] = /^(\w+):\/\/([\w.-]+(?::\d+)?|\[[\da-fA-F:]+\](?::\d+)?)\/?$/.exec(host) ?? [];
  if (bare !== undefined) return scheme === 'https' ? `write \`${bare}\`, and \`scheme: https\` beside \`nodes\`` : `write \`${bare}\``;
  return host.includes('/') ? 'a scheme or a path does not belong here; for https write `scheme: https`' : 'such as `example.com:8080` or `[::1]:8080`; a port is 1 to 65535';
}
