import { idOf } from '../config/items.js';
import type { Config } from '../schema/file.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import type { Finding, Pair } from './finding.js';
import type { Judge } from './losses.js';

/** What leads to an upstream: a route or a service; or an upstream itself. */
interface Leading {
  readonly id?: string | number;
  readonly upstream?: UpstreamConfig;
  readonly upstream_id?: string | number;
  readonly service_id?: string | number;
}

/** The upstreams and services of a configuration by id. */
export interface Pools {
  readonly upstreams: ReadonlyMap<string, UpstreamConfig>;
  readonly services: ReadonlyMap<string, Leading>;
}

/** The upstreams and services of a configuration. */
export function poolsOf({ upstreams, services }: Config): Pools {
  return { upstreams: byId(upstreams), services: byId(services) };
}

const byId = <T extends { readonly id?: string | number }>(items: readonly T[]): ReadonlyMap<string, T> => new Map(items.map((item, i) => [idOf(item, i), item]));

/** Judges whether nodes are believed without proof that were asked for one, or come unproved. */
export function judgeUpstream({ subject, before, after }: Pair, findings: readonly Finding[], old: Pools, now: Pools, judge: Judge): void {
  if (findings.length === 0 || !after) return;
  const own = subject.resource === 'upstreams';
  const [a, b] = [proofOf(own ? (before as UpstreamConfig | undefined) : upstreamOf(before, old)), proofOf(own ? (after as UpstreamConfig) : upstreamOf(after, now))];
  if (!b || (a ? RANK[b] >= RANK[a] : b !== 'unverified')) return;
  for (const finding of findings) if (TELLING.has(finding.path.at(-1) ?? 'upstream')) judge(finding, 'upstream-verification-off');
}

const TELLING = new Set(['verify', 'tls', 'scheme', 'upstream', 'upstream_id', 'service_id']);

function upstreamOf(leading: Leading | undefined, pools: Pools): UpstreamConfig | undefined {
  const { upstream, upstream_id: id, service_id: service } = leading ?? {};
  if (id !== undefined) return pools.upstreams.get(String(id));
  return upstream ?? (service === undefined ? undefined : upstreamOf(pools.services.get(String(service)), pools));
}

type Proof = 'plain' | 'unverified' | 'verified';

const RANK: Readonly<Record<Proof, number>> = { plain: 0, unverified: 1, verified: 2 };

function proofOf(upstream: UpstreamConfig | undefined): Proof | undefined {
  if (!upstream) return undefined;
  if (upstream.scheme !== 'https' && upstream.scheme !== 'grpcs') return 'plain';
  return upstream.tls?.verify === false ? 'unverified' : 'verified';
}
