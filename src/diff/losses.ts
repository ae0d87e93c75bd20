import type { PluginConfig } from '../schema/route.js';
import type { Security } from './change.js';
import type { Finding } from './finding.js';
import { lossBetween, NO_LOSS, targetsOf, type Loss } from './guards.js';
import { isEqual, isMapping } from './differences.js';
import { UNKNOWN, type PluginKnowledge } from './plugins.js';
import { namesAnonymous } from './restrictions.js';
import type { RoutePair, Routes } from './routes.js';

/** A loss, and what could be why. */
interface Claim {
  readonly security: Security;
  /** Of what: a plugin that holds back, or empty for all that decide who calls. */
  readonly name: string;
  /** Whether a change of this plugin tells why. */
  readonly isGuilty: (plugin: string) => boolean;
}

/** Judges a finding, where it is graver than what it was judged before. */
export type Judge = (finding: Finding, security: Security) => void;

/**
 * Finds which changes let requests through that were refused before: what a route's requests met before, and what they
 * meet now, be it on another route, is compared, whatever the reason. Returns findings that nothing else tells.
 */
export function judgeLosses({ pairs, before, after }: Routes, shared: readonly Finding[], known: PluginKnowledge, judge: Judge): Finding[] {
  // a route that did not change meets its requests as before, unless what it inherits changed, or one that takes the same did
  const touched = shared.length > 0 ? pairs : pairs.filter(({ findings }) => findings.length > 0);
  const guards = { before, after };
  const shares = bySubject(shared);
  return touched.flatMap((pair) => claimsOf(lossOf(pair, guards, known), known).flatMap((claim) => {
    const ownLoss = claimsOf(ownLossOf(pair, guards, known), known).some(({ name }) => name === claim.name);
    const blamed = blame(pair, shares, claim, ownLoss);
    for (const finding of blamed) judge(finding, claim.security);
    if (blamed.length > 0) return [];
    const told = unexplained(pair, claim);
    judge(told, claim.security);
    return [told];
  }));
}

function lossOf(pair: RoutePair, guards: Pick<Routes, 'before' | 'after'>, known: PluginKnowledge): Loss {
  const { before, after, findings } = pair;
  const moved = findings.some(isOfMatch) || !isEqual(before?.runs.hosts, after?.runs.hosts);
  // where it takes what it took, its requests lose what it lost itself, unless another route has them
  if (!moved && isNone(ownLossOf(pair, guards, known))) return NO_LOSS;
  const losses = [before, after].flatMap((route) => (route ? targetsOf(route.runs) : [])).map((target) => lossBetween(guards.before.find(target), guards.after.find(target), known));
  return { authentication: losses.some(({ authentication }) => authentication), restrictions: [...new Set(losses.flatMap(({ restrictions }) => restrictions))] };
}

const isNone = ({ authentication, restrictions }: Loss): boolean => !authentication && restrictions.length === 0;

/** What the route itself lost, whatever other routes do. */
function ownLossOf({ before, after }: Pick<RoutePair, 'before' | 'after'>, guards: Pick<Routes, 'before' | 'after'>, known: PluginKnowledge): Loss {
  return lossBetween(before && guards.before.of(before.runs), after && guards.after.of(after.runs), known);
}

function claimsOf({ authentication, restrictions }: Loss, { auth }: PluginKnowledge): Claim[] {
  return [
    ...(authentication ? [{ security: 'authentication-removed', name: '', isGuilty: (plugin: string) => auth.has(plugin) } as const] : []),
    ...restrictions.map((name) => ({ security: 'restriction-loosened', name, isGuilty: (plugin: string) => plugin === name } as const)),
  ];
}

/** The changes that tell why: of what guards the route, where it lost that itself; else of which requests it takes. */
function blame({ before, after, findings }: RoutePair, shares: ReadonlyMap<string, readonly Finding[]>, claim: Claim, ownLoss: boolean): readonly Finding[] {
  const from = new Set([before, after].flatMap((route) => route?.from ?? []));
  const near = [...findings, ...[...from, EVERYWHERE].flatMap((name) => shares.get(name) ?? [])];
  const guards = near.filter((finding) => isLoosening(finding, claim));
  const matches = near.filter(isOfMatch);
  const told = (ownLoss ? [guards, matches] : [matches, guards]).find((some) => some.length > 0);
  return told ?? findings.slice(0, 1);
}

/** What global rules go by, which every route inherits. */
const EVERYWHERE = '';

function bySubject(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = finding.subject.resource === 'global_rules' ? EVERYWHERE : finding.subject.name;
    const group = groups.get(name);
    if (group) group.push(finding);
    else groups.set(name, [finding]);
  }
  return groups;
}

/** Fields that decide which requests a route takes, and what it inherits. */
const MATCH = new Set(['uri', 'uris', 'host', 'hosts', 'methods', 'remote_addr', 'remote_addrs', 'vars', 'status', 'priority', 'service_id', 'plugin_config_id']);

/** A route that came, went or overtook another decides that too. */
function isOfMatch({ path: [field], subject }: Finding): boolean {
  return field === undefined ? subject.resource === 'routes' : MATCH.has(field);
}

/** Whether a finding about a plugin, or about what holds it, takes something away. */
function isLoosening({ path, before, after }: Finding, { security, isGuilty }: Claim): boolean {
  const [field, plugin = '', ...option] = path;
  // what came with a plugin that is off hides what is on below it
  if (field === undefined) return (before ?? after) !== undefined && pluginsIn(before ?? after).some(([name, config]) => isGuilty(name) && (after === undefined || isSoft(config)));
  if (field !== 'plugins' || !isGuilty(plugin)) return false;
  if (option.length === 0) return after === undefined || (before === undefined && isSoft(after));
  if (option.at(-1) === 'disable') return after === true;
  return option[0] === '_meta' || option.includes('anonymous_consumer') || (security === 'restriction-loosened' && option[0] !== UNKNOWN);
}

function pluginsIn(resource: unknown): [string, unknown][] {
  const { plugins = {} }: { readonly plugins?: object } = isMapping(resource) ? resource : {};
  return Object.entries(plugins);
}

/** Whether a plugin's configuration lets some by. */
function isSoft(config: unknown): boolean {
  if (!isMapping(config)) return false;
  const { _meta: meta }: Pick<PluginConfig, '_meta'> = config;
  return meta?.disable === true || meta?.filter !== undefined || namesAnonymous(config);
}

/** It is never passed over, though nothing tells why. */
function unexplained({ subject }: RoutePair, { security }: Claim): Finding {
  const text = security === 'authentication-removed' ? 'less authentication than before, by what it inherits' : 'less is held back than before, by what it inherits';
  return { subject, action: 'changed', path: [], text };
}
