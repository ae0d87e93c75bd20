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
}

type Upstreams = ReadonlyMap<string, UpstreamConfig>;

/** The upstreams of a configuration by id. */
export const upstreamsOf = ({ upstreams }: Config): Upstreams => new Map(upstreams.map((upstream, i) => [idOf(upstream, i), upstream]));

/** Judges whether nodes are believed without proof that were asked for one, or come unproved. */
export function judgeUpstream({ subject, before, after }: Pair, findings: readonly Finding[], old: Upstreams, now: Upstreams, judge: Judge): void {
  if (findings.length === 0 || !after) return;
  const own = subject.resource === 'upstreams';
  const [a, b] = [before && proofOf(own ? (before as UpstreamConfig) : upstreamOf(before, old)), proofOf(own ? (after as UpstreamConfig) : upstreamOf(after, now))];
  if (a === undefined ? b !== 'unverified' : RANK[b] >= RANK[a]) return;
  for (const finding of findings) if (TELLING.has(finding.path.at(-1) ?? 'upstream')) judge(finding, 'upstream-verification-off');
}

const TELLING = new Set(['verify', 'tls', 'scheme', 'upstream', 'upstream_id']);

function upstreamOf({ upstream, upstream_id: id }: Leading, known: Upstreams): UpstreamConfig | undefined {
  return id === undefined ? upstream : known.get(String(id));
}

type Proof = 'plain' | 'unverified' | 'verified' | 'none';

/** Who has no upstream of its own is judged where it inherits one. */
const RANK: Readonly<Record<Proof, number>> = { plain: 0, unverified: 1, verified: 2, none: 2 };

function proofOf(upstream: UpstreamConfig | undefined): Proof {
  if (!upstream) return 'none';
  if (upstream.scheme !== 'https' && upstream.scheme !== 'grpcs') return 'plain';
  return upstream.tls?.verify === false ? 'unverified' : 'verified';
}
