import type { PluginConfig } from '../schema/route.js';
import { isMapping } from './differences.js';
import type { PluginKnowledge } from './plugins.js';

/**
 * Which change of an option lets more through: `allow`, a list that lets in and grows or goes; `deny`, one that keeps
 * out and shrinks; `more` and `less`, a number that grows or shrinks, or goes; `on` and `off`, a switch; `any`, whatever
 * becomes of it.
 */
type Sense = 'allow' | 'deny' | 'more' | 'less' | 'on' | 'off' | 'any';

/** Plugins of Apache APISIX that hold requests back, and which options of theirs loosen when they change. One that says it itself needs no entry. */
const RESTRICTIONS: Readonly<Record<string, Readonly<Record<string, Sense>>>> = {
  'consumer-restriction': { type: 'any', whitelist: 'allow', blacklist: 'deny', allowed_by_methods: 'any' },
  'ip-restriction': { whitelist: 'allow', blacklist: 'deny' },
  'ua-restriction': { allowlist: 'allow', denylist: 'deny', bypass_missing: 'on' },
  'referer-restriction': { whitelist: 'allow', blacklist: 'deny', bypass_missing: 'on' },
  'uri-blocker': { block_rules: 'deny', case_insensitive: 'off' },
  csrf: { expires: 'more' },
  'client-control': { max_body_size: 'more' },
  'request-validation': { body_schema: 'any', header_schema: 'any' },
  'limit-count': { count: 'more', time_window: 'less', rules: 'any', allow_degradation: 'on', key: 'any', key_type: 'any' },
  'limit-req': { rate: 'more', burst: 'more', nodelay: 'off', allow_degradation: 'on', key: 'any', key_type: 'any' },
  'limit-conn': { conn: 'more', burst: 'more', rules: 'any', allow_degradation: 'on', key: 'any', key_type: 'any' },
  'forward-auth': { allow_degradation: 'on', ssl_verify: 'off' },
  opa: { ssl_verify: 'off' },
  'openid-connect': { unauth_action: 'any', bearer_only: 'off', ssl_verify: 'off', required_scopes: 'deny' },
  'authz-casbin': {}, 'authz-casdoor': {}, 'authz-keycloak': {}, 'cas-auth': {}, acl: { allow_labels: 'any', deny_labels: 'any' },
};

/** Whether a plugin holds requests back, so that it is a loss when it goes. */
export function isRestricting(name: string, { plugins }: PluginKnowledge): boolean {
  return plugins.get(name)?.loosens !== undefined || Object.hasOwn(RESTRICTIONS, name);
}

/** Whether a configuration of a plugin that is on lets requests through that another refused. */
export function isWeaker(name: string, before: PluginConfig, after: PluginConfig, { plugins }: PluginKnowledge): boolean {
  if (before === after) return false;
  const own = plugins.get(name)?.loosens;
  return letsBy(before, after) || (own ? own(before, after) : loosensByTable(name, before, after));
}

/** Whether a configuration lets requests by that another, be it of another plugin, judged. */
export function letsBy(before: PluginConfig, after: PluginConfig): boolean {
  return isSkippedMore(before, after) || (namesAnonymous(after) && !namesAnonymous(before));
}

/** A filter is a list of conditions, all of which must hold for the plugin to run: each further one lets more requests go round it. */
function isSkippedMore({ _meta: before }: PluginConfig, { _meta: after }: PluginConfig): boolean {
  const conditions = after?.filter ?? [];
  return conditions.length > 0 && !implies(before?.filter ?? [], conditions);
}

/** Whether whatever fits a list of conditions fits another too, as far as that can be told: each of the other's is one of its own. */
export function implies(strong: readonly unknown[], weak: readonly unknown[]): boolean {
  const texts = strong.map((item) => JSON.stringify(item));
  // lists that begin with OR or AND are one condition
  if (typeof strong[0] === 'string' || typeof weak[0] === 'string') return texts.join() === weak.map((item) => JSON.stringify(item)).join();
  const known = new Set(texts);
  return weak.every((item) => known.has(JSON.stringify(item)));
}

/** Whether a configuration names an anonymous consumer, be it of a plugin within it. */
export function namesAnonymous(config: unknown): boolean {
  if (typeof config !== 'object' || config === null) return false;
  return 'anonymous_consumer' in config || Object.values(config).some(namesAnonymous);
}

function loosensByTable(name: string, before: PluginConfig, after: PluginConfig): boolean {
  const senses = Object.entries(Object.hasOwn(RESTRICTIONS, name) ? (RESTRICTIONS[name] ?? {}) : {});
  return senses.some(([option, sense]) => LOOSENS[sense](before[option], after[option]));
}

const LOOSENS: Readonly<Record<Sense, (before: unknown, after: unknown) => boolean>> = {
  allow: (before, after) => before !== undefined && (after === undefined || !isWithin(listed(after), listed(before))),
  deny: (before, after) => !isWithin(listed(before), listed(after)),
  more: (before, after) => exceeds(after, before),
  less: (before, after) => exceeds(before, after) || (before !== undefined && after === undefined),
  on: (before, after) => after === true && before !== true,
  off: (before, after) => before === true && after !== true,
  any: (before, after) => before !== undefined && JSON.stringify(before) !== JSON.stringify(after),
};

/** What cannot be compared (a number that a variable gives) may be anything. */
function exceeds(a: unknown, b: unknown): boolean {
  if (b === undefined) return false;
  return typeof a === 'number' && typeof b === 'number' ? a > b : JSON.stringify(a) !== JSON.stringify(b);
}

const isWithin = (items: ReadonlySet<string>, others: ReadonlySet<string>): boolean => [...items].every((item) => others.has(item));

const listed = (value: unknown): Set<string> => new Set(Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : isMapping(value) ? [JSON.stringify(value)] : []);
