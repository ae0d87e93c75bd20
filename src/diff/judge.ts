import type { Config } from '../schema/file.js';
import type { SslConfig } from '../schema/ssl.js';
import { SECURITY, type Security } from './change.js';
import { judgeConsumers, judgeCredentials } from './consumers.js';
import { isWider, judgeCertificate, judgeGateway, judgeMatch } from './doors.js';
import type { Finding, Pair } from './finding.js';
import { isOpen } from './guards.js';
import { judgeLosses, type Judge } from './losses.js';
import type { PluginKnowledge } from './plugins.js';
import type { Block } from './resources.js';
import type { Routes } from './routes.js';
import { judgeUpstream, poolsOf } from './upstreams.js';

/** A resource in both configurations, and what changed of it. */
export interface Told extends Pair {
  readonly findings: readonly Finding[];
}

/** Said of a certificate that asks clients for less. */
export const UNGUARDED = 'clients need a certificate no longer, or for fewer paths';

/** What was found, to be judged. */
export interface Found {
  readonly before: Config;
  readonly after: Config;
  readonly routes: Routes;
  readonly blocks: ReadonlyMap<Block, readonly Told[]>;
  readonly gateway: readonly Finding[];
  readonly known: PluginKnowledge;
}

/** Asks of every finding what it does to security; returns further ones that nothing else tells. */
export function judgeAll({ before, after, routes, blocks, gateway, known }: Found, judge: Judge): Finding[] {
  const of = (...names: Block[]): readonly Told[] => names.flatMap((name) => blocks.get(name) ?? []);
  const findingsOf = (...names: Block[]): readonly Finding[] => of(...names).flatMap(({ findings }) => findings);
  const [old, now] = [poolsOf(before), poolsOf(after)];
  for (const { findings, before: a, after: b } of of('ssls')) {
    for (const finding of findings) if (finding.text === UNGUARDED) judge(finding, 'authentication-removed');
    judgeCertificate(a as SslConfig | undefined, b as SslConfig | undefined, findings, judge);
  }
  for (const pair of routes.pairs) {
    judgeMatch(pair, judge);
    judgeUpstream({ subject: pair.subject, before: pair.before?.written, after: pair.after?.written }, pair.findings, old, now, judge);
  }
  for (const pair of of('services', 'upstreams')) judgeUpstream(pair, pair.findings, old, now, judge);
  for (const { before: a, after: b, findings } of of('services')) {
    const wider = a && b && isWider(a, b);
    for (const finding of findings) if (wider && finding.path[0] === 'hosts') judge(finding, 'restriction-loosened');
  }
  judgeGateway(before, after, gateway, () => routes.pairs.some(({ before: route }) => route && !isOpen(routes.before.of(route.runs))), judge);
  judgeCredentials(findingsOf('consumers'), known, judge);
  judgeConsumers(of('consumers'), before, after, findingsOf('consumers', 'consumer_groups'), known, judge);
  return judgeLosses(routes, findingsOf('services', 'plugin_configs', 'global_rules'), known, judge);
}

/** What findings were judged: of several judgements the gravest counts. */
export class Judgement {
  readonly #judged = new Map<Finding, Security>();

  /** Notes one. */
  readonly judge: Judge = (finding, security) => {
    const other = this.#judged.get(finding);
    if (other === undefined || SECURITY.indexOf(security) < SECURITY.indexOf(other)) this.#judged.set(finding, security);
  };

  /** Undefined for one that does not concern security. */
  of(finding: Finding): Security | undefined {
    return this.#judged.get(finding);
  }
}
