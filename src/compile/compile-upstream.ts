import type { LinkedUpstream } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { Scope } from '../state/store.js';
import type { Balancing } from '../upstream/balancers/balancer.js';
import { balancingOf } from '../upstream/balancers/index.js';
import { balance } from '../upstream/balancers/priorities.js';
import { Live, type Place, type Source } from '../upstream/live.js';
import type { Node, Upstream } from '../upstream/upstream.js';
import { watchOf } from '../upstream/watch.js';
import { compileHealth } from './compile-health.js';
import { nodeMaker } from './compile-node.js';
import { compileTls, type SslsById } from './compile-tls.js';
import { hashKeyOf } from './hash-key.js';
import { sourcesOf, type Names } from './sources.js';
import type { Surroundings } from './surroundings.js';
import { DEFAULT_TIMEOUTS, timeoutsOf } from './timeouts.js';

/** What upstreams are compiled with, besides their own configuration. */
export interface UpstreamContext {
  readonly scope: Scope;
  readonly report: Report;
  readonly names: Names;
  readonly ssls: SslsById;
  readonly surroundings: Surroundings;
}

/** Makes an upstream runnable; its nodes lease what they hold. */
export function compileUpstream(linked: LinkedUpstream, context: UpstreamContext): Upstream {
  const { config, owner, path } = linked;
  const { scope, report, surroundings } = context;
  const tls = compileTls(config, path, context.ssls, report);
  const health = compileHealth(linked, tls, context);
  const makeNode = nodeMaker(linked, tls, health, surroundings.connect);
  const balancing = balancingOf(config.type, hashKeyOf(config, path, report));
  const sources = sourcesOf(linked, context);
  const lives = health !== undefined || sources.some(({ lookup }) => lookup);
  return {
    owner,
    type: config.type,
    ...(lives ? live(owner, sources, balancing, makeNode, scope) : fixed(owner, sources, balancing, makeNode, scope)),
    timeouts: timeoutsOf(config.timeout) ?? DEFAULT_TIMEOUTS,
    retries: config.retries,
    retryTimeout: (config.retry_timeout ?? 0) * 1000,
    host: hostRule(config, path, report),
    watch: watchOf(config.type === 'ewma', config.checks?.passive !== undefined),
  };
}

type MakeNode = (place: Place, scope: Scope) => Node;

/** Nodes that stay what they are cost nothing at request time. */
function fixed(owner: string, sources: readonly Source[], { make }: Balancing, makeNode: MakeNode, scope: Scope): Pick<Upstream, 'balancer' | 'members'> {
  const nodes = sources.flatMap((source) => source.places()).map((place) => makeNode(place, scope));
  return { balancer: balance(nodes, make, (key, create) => scope.retain(`balancer ${owner} ${key}`, create)), members: { nodes } };
}

function live(owner: string, sources: readonly Source[], balancing: Balancing, makeNode: MakeNode, scope: Scope): Pick<Upstream, 'balancer' | 'members'> {
  const members = scope.own(new Live({ owner, sources, balancing, makeNode, scope }));
  return { balancer: members, members };
}

function hostRule(config: UpstreamConfig, path: Path, report: Report): Upstream['host'] {
  const { pass_host: passHost, upstream_host: host } = config;
  if (passHost === 'node') return (node) => node.authority;
  if (passHost !== 'rewrite') return undefined;
  if (host === undefined) report.error('missing-field', [...path, 'pass_host'], '`pass_host: rewrite` needs `upstream_host`');
  return () => host ?? '';
}
