import type { LinkedUpstream } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { Scope } from '../state/store.js';
import { formatAddress, parseAddress } from '../upstream/address.js';
import { roundRobin } from '../upstream/balancer.js';
import { poolKey, type Connect, type NodeConnection } from '../upstream/pool.js';
import type { TlsMaterial } from '../upstream/tls.js';
import type { Node, Upstream } from '../upstream/upstream.js';
import { compileTls } from './compile-tls.js';
import { DEFAULT_TIMEOUTS, timeoutsOf } from './timeouts.js';

/** Makes an upstream runnable; its nodes lease their connection pools. */
export function compileUpstream(linked: LinkedUpstream, scope: Scope, connect: Connect, report: Report): Upstream {
  const { config, owner, path } = linked;
  const tls = compileTls(config, path, report);
  const nodes = nodesOf(config, path, report).map((node) => compileNode(node, config, tls, scope, connect));
  return {
    owner,
    balancer: roundRobin(nodes),
    timeouts: timeoutsOf(config.timeout) ?? DEFAULT_TIMEOUTS,
    retries: config.retries ?? Math.max(0, nodes.length - 1),
    retryTimeout: (config.retry_timeout ?? 0) * 1000,
    host: hostRule(config, path, report),
  };
}

interface WrittenNode {
  readonly host: string;
  readonly port: number | undefined;
  readonly weight: number;
}

/** The nodes of either form: a mapping of address to weight, or a list. */
function nodesOf(config: UpstreamConfig, path: Path, report: Report): WrittenNode[] {
  const at = [...path, 'nodes'];
  const written = Array.isArray(config.nodes)
    ? config.nodes.map((node: { host: string; port?: number; weight: number }, i) => ({ ...node, at: [...at, i, 'host'] as Path }))
    : Object.entries(config.nodes as Readonly<Record<string, number>>).map(([host, weight]) => ({ host, weight, port: undefined, at: [...at, host] as Path }));
  return written.flatMap(({ host, port, weight, at: place }) => {
    const address = parseAddress(host);
    if (address) return [{ host: address.host, port: port ?? address.port, weight }];
    report.error('wrong-value', place, 'a node is `host` or `host:port`', { spot: Array.isArray(config.nodes) ? 'value' : 'key', hint: nodeHint(host) });
    return [];
  });
}

const nodeHint = (host: string): string =>
  (host.includes('/') ? 'a scheme or a path does not belong here; for https write `scheme: https`' : 'such as `example.com:8080` or `[::1]:8080`; a port is 1 to 65535');

function compileNode(written: WrittenNode, config: UpstreamConfig, tls: TlsMaterial | undefined, scope: Scope, connect: Connect): Node {
  const standard = tls ? 443 : 80;
  const port = written.port ?? standard;
  const keep = config.keepalive_pool;
  const connection: NodeConnection = {
    host: written.host, port, tls,
    size: keep?.size ?? 320, idleTimeout: (keep?.idle_timeout ?? 60) * 1000, requests: keep?.requests ?? 1000,
  };
  return Object.freeze({
    host: written.host, port, weight: written.weight,
    authority: formatAddress(written.host, port === standard ? undefined : port),
    pool: scope.retain(poolKey(connection), () => connect(connection)),
  });
}

function hostRule(config: UpstreamConfig, path: Path, report: Report): Upstream['host'] {
  const { pass_host: passHost, upstream_host: host } = config;
  if (passHost === 'node') return (node) => node.authority;
  if (passHost !== 'rewrite') return undefined;
  if (host === undefined) report.error('missing-field', [...path, 'pass_host'], '`pass_host: rewrite` needs `upstream_host`');
  return () => host ?? '';
}
