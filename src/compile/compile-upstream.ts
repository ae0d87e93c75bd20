import type { LinkedUpstream } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { Scope } from '../state/store.js';
import { formatAddress, parseAddress } from '../upstream/address.js';
import { balancingOf } from '../upstream/balancers/index.js';
import { balance } from '../upstream/balancers/priorities.js';
import { NodeLoad } from '../upstream/load.js';
import { createPool, poolKey, type NodeConnection } from '../upstream/pool.js';
import type { TlsMaterial } from '../upstream/tls.js';
import type { Node, Upstream, Watch } from '../upstream/upstream.js';
import { compileTls } from './compile-tls.js';
import { hashKeyOf } from './hash-key.js';
import { DEFAULT_TIMEOUTS, timeoutsOf } from './timeouts.js';

/** Makes an upstream runnable; its nodes lease their connection pools. */
export function compileUpstream(linked: LinkedUpstream, scope: Scope, report: Report): Upstream {
  const { config, owner, path } = linked;
  const tls = compileTls(config, path, report);
  const nodes = nodesOf(config, path, report).map((node) => compileNode(node, owner, config, tls, scope));
  const { make } = balancingOf(config.type, hashKeyOf(config, path, report));
  return {
    owner,
    balancer: balance(nodes, make),
    members: { nodes },
    timeouts: timeoutsOf(config.timeout) ?? DEFAULT_TIMEOUTS,
    retries: config.retries,
    retryTimeout: (config.retry_timeout ?? 0) * 1000,
    host: hostRule(config, path, report),
    watch: config.type === 'ewma' ? STOPWATCH : undefined,
  };
}

/** Only the time that exchanges take is wanted; a failure that was quick is not to be taken for speed. */
const STOPWATCH: Watch = {
  answered: () => {},
  failed: ({ load }) => load.took(FAILED_MS, performance.now()),
  took: ({ load }, milliseconds) => load.took(milliseconds, performance.now()),
};
const FAILED_MS = 5000;

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
    : Object.entries(config.nodes as Readonly<Record<string, number>>).map(([host, weight]) => ({ host, weight, port: undefined, priority: 0, at: [...at, host] as Path }));
  return written.flatMap(({ host, port, weight, priority, at: place }) => {
    const address = parseAddress(host);
    if (address) return [{ host: address.host, port: port ?? address.port, weight, priority }];
    report.error('wrong-value', place, 'a node is `host` or `host:port`', { spot: Array.isArray(config.nodes) ? 'value' : 'key', hint: nodeHint(host) });
    return [];
  });
}

const nodeHint = (host: string): string =>
  (host.includes('/') ? 'a scheme or a path does not belong here; for https write `scheme: https`' : 'such as `example.com:8080` or `[::1]:8080`; a port is 1 to 65535');

function compileNode(written: WrittenNode, owner: string, config: UpstreamConfig, tls: TlsMaterial | undefined, scope: Scope): Node {
  const standard = tls ? 443 : 80;
  const port = written.port ?? standard;
  const keep = config.keepalive_pool;
  const connection: NodeConnection = {
    host: written.host, port, tls,
    size: keep?.size ?? 320, idleTimeout: (keep?.idle_timeout ?? 60) * 1000, requests: keep?.requests ?? 1000,
  };
  return Object.freeze({
    host: written.host, address: written.host, port, weight: written.weight, priority: written.priority,
    authority: formatAddress(written.host, port === standard ? undefined : port),
    pool: scope.retain(poolKey(connection), () => createPool(connection)),
    load: scope.retain(`load ${owner} ${formatAddress(written.host, port)}`, () => new NodeLoad()),
  });
}

function hostRule(config: UpstreamConfig, path: Path, report: Report): Upstream['host'] {
  const { pass_host: passHost, upstream_host: host } = config;
  if (passHost === 'node') return (node) => node.authority;
  if (passHost !== 'rewrite') return undefined;
  if (host === undefined) report.error('missing-field', [...path, 'pass_host'], '`pass_host: rewrite` needs `upstream_host`');
  return () => host ?? '';
}
