import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { addressHint } from './address-hints.js';
import { foreignHint } from './foreign-files.js';
import { OTHER_NAMES } from './other-names.js';
import { isSecretName } from './secret-names.js';

/** What a field that nothing knows stands beside, and holds. */
export interface Unknown {
  readonly name: string;
  readonly value: unknown;
  /** The fields that there are. */
  readonly known: readonly string[];
  /** Fields that the other side of the plugin has: the credential's of a guard, the guard's of a credential. */
  readonly elsewhere?: readonly string[] | undefined;
}

/** What was probably meant by a field that nothing knows. */
export function unknownHint(path: Path, unknown: Unknown): string {
  const { name, known, value } = unknown;
  if (/^(?:\/\/|\/\*)/.test(name)) return 'a comment starts with `#`';
  const bare = withoutQuotes(name);
  if (bare !== name && known.includes(bare)) return `typographic quotes are part of the name: write \`${bare}\``;
  const foreign = path.length === 0 ? foreignHint(name, value) : undefined;
  if (foreign !== undefined) return foreign;
  if (isAddress(name)) return known.includes('weight') ? 'remove the `- `: as `host:port: weight`, nodes are a mapping' : 'a node stands below `nodes`, indented';
  const place = misplaced(path, unknown);
  if (place !== undefined) return place;
  const [near] = meantFields(name, known, value);
  return near === undefined ? listHint(name, known) : `did you mean \`${near}\`?`;
}

/** The fields that an unknown one stands for, if any is near: mostly one, the likeliest first. */
export function meantFields(name: string, known: readonly string[], value: unknown): readonly string[] {
  if (isAddress(name)) return known.filter((field) => field === 'nodes' || field === 'host' || field === 'weight');
  const bare = withoutQuotes(name);
  if (known.includes(bare)) return [bare];
  if (/^ur[il]s?$/i.test(name) && typeof value === 'string' && value.startsWith('/') && known.includes('uri')) return ['uri'];
  const others = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  // before what is spelt alike: `url` is one letter from `uri`, and means something else
  const meant = others?.find((field) => known.includes(field)) ?? suggest(name, known);
  return meant === undefined ? [] : [meant];
}

/** Whether a name is that of a node: a host with its port, or an IPv4 address. */
const isAddress = (name: string): boolean => /^(?:https?:\/\/)?(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}\/?$|^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);

const withoutQuotes = (name: string): string => name.replace(/^[“”„‘’«»]+|[“”„‘’«»]+$/g, '');

/** Where a field belongs that stands elsewhere. */
function misplaced(path: Path, { name, value, known, elsewhere }: Unknown): string | undefined {
  const inOptions = path.at(-2) === 'plugins';
  const meta = inOptions || path.at(-1) === '_meta' ? switchHint(name, value, inOptions) : undefined;
  if (meta !== undefined) return meta;
  if (elsewhere?.includes(name)) return path[0] === 'consumers' ? 'it is for where the plugin guards: below `plugins` of a route' : 'a credential belongs to a consumer, below `consumers`';
  // a switch about credentials is none: `hide_credential`
  if (path[0] === 'routes' && elsewhere && isSecretName(name) && (typeof value !== 'boolean' || suggest(name, known) === undefined)) return 'a credential belongs to a consumer, below `consumers`';
  if (path[0] === 'consumers' && path.length === 2 && (isSecretName(name) || name.endsWith('-auth'))) return 'a credential stands below `plugins`, and there below the name of the plugin';
  if (path[0] === 'plugins') return 'it configures nothing here: a plugin stands below `plugins` of a route, or of an entry of `global_rules`';
  if ((path[0] === 'routes' || path[0] === 'services') && path.length === 2) return misplacedOnRoute(name, value);
  if (path[0] === 'requests' && path.length === 2) return EXPECTED.has(name) ? 'it stands below `expect`' : undefined;
  const below = path.at(-1) === 'checks' || path.at(-2) === 'checks' ? OF_CHECKS[String(path.at(-1))] : undefined;
  return below?.fields.has(name) ? `it stands below ${below.where}` : undefined;
}

/** Switches that a plugin's options do not have, since `_meta` has them for all. */
function switchHint(name: string, value: unknown, inOptions: boolean): string | undefined {
  const write = (text: string): string => (inOptions ? `write \`_meta: {${text}}\`` : `write \`${text}\``);
  if (/^enabled?$/.test(name)) return value === false ? write('disable: true') : `a plugin that stands here is on: remove it, or ${write('disable: true')} to switch the plugin off`;
  if (!inOptions) return undefined;
  if (/^disabled?$/.test(name)) return write(`disable: ${typeof value === 'boolean' ? value : true}`);
  if (name === 'priority') return write(`priority: ${typeof value === 'number' ? value : 1}`);
  return name === 'error_response' || name === 'filter' ? 'write it below `_meta`' : undefined;
}

/** What of a case for `gateway test` must come of a request. */
const EXPECTED = new Set(['route', 'consumer', 'status', 'absent', 'contains', 'lacks', 'upstream']);

const LIMITS = new Set(['interval', 'http_statuses', 'successes', 'http_failures', 'tcp_failures', 'timeouts']);

/** Which fields of health checks stand one level deeper than where they were written. */
const OF_CHECKS: Readonly<Record<string, { readonly fields: ReadonlySet<string>; readonly where: string }>> = {
  checks: { fields: new Set(['type', 'timeout', 'concurrency', 'http_path', 'http_method', 'host', 'port', 'req_headers', 'healthy', 'unhealthy']), where: '`active`' },
  active: { fields: LIMITS, where: '`healthy` or `unhealthy`' },
  passive: { fields: LIMITS, where: '`healthy` or `unhealthy`' },
};

function misplacedOnRoute(name: string, value: unknown): string | undefined {
  if (name === 'headers' || name === 'query' || name === 'args') return 'a condition on it is written as `vars`: [[http_x_version, "==", v2], [arg_page, "==", "1"]]';
  if (name.endsWith('-auth')) return 'a plugin stands below `plugins`';
  if (name === 'routes') return 'routes stand in the list `routes`, and name their service by `service_id`';
  const upstream = typeof value === 'string' && /^(?:url|target|backend|proxy|proxy_pass|destination|server)$/.test(name) ? addressHint(value, true) : undefined;
  if (upstream !== undefined) return `${upstream} below \`upstream\``;
  return UPSTREAM_FIELDS.has(name) ? 'it stands below `upstream`' : undefined;
}

const UPSTREAM_FIELDS = new Set(['nodes', 'scheme', 'pass_host', 'upstream_host', 'retries', 'checks', 'keepalive_pool', 'service_name']);

/** `key:secret` without a space is one word to YAML. */
const listHint = (name: string, known: readonly string[]): string =>
  (known.some((field) => name.startsWith(`${field}:`)) ? 'a colon needs a space after it' : `known: ${known.join(', ')}`);
