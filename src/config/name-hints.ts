import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { isSecretName } from './secret-names.js';

/** What other gateways and habits call our fields; of several meanings the one counts that is a field at the place. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  path: ['uri', 'http_path'], paths: ['uris'], prefix: ['uri'], path_prefix: ['uri'], match: ['uri'], location: ['uri'], pattern: ['uri'],
  url: ['upstream', 'nodes'], urls: ['nodes'], backend: ['upstream'], backends: ['upstream', 'upstreams'], service: ['service_id', 'upstream'], group: ['group_id'], consumer_group: ['group_id'], destination: ['upstream'], proxy_pass: ['upstream'],
  proxy: ['upstream'], target: ['upstream', 'nodes', 'host'], targets: ['nodes'], endpoints: ['nodes'], servers: ['nodes', 'upstreams'], server: ['upstream', 'host'], address: ['host', 'listen'], ip: ['host'],
  verb: ['methods'], verbs: ['methods'], domain: ['host'], domains: ['hosts'], server_name: ['host'], server_names: ['hosts'], hostname: ['host'], hostnames: ['hosts'],
  order: ['priority'], rank: ['priority'], timeouts: ['timeout'], filters: ['plugins'], middlewares: ['plugins'], policies: ['plugins'],
  protocol: ['scheme'], algorithm: ['type'], balancer: ['type'], load_balancing: ['type'], lb: ['type'], preserve_host: ['pass_host'], host_header: ['upstream_host'], keepalive: ['keepalive_pool'], ssl: ['tls'],
  apis: ['routes'], rules: ['routes'], clusters: ['upstreams'], users: ['consumers'], clients: ['consumers'],
  user: ['username'], client: ['username'], consumer: ['username'],
  bind: ['listen'], port: ['listen'], ports: ['listen'], status_listen: ['admin'], shutdown_timeout: ['drain_timeout'], grace_period: ['drain_timeout'], log: ['access_log'], logs: ['access_log'], trusted: ['trusted_proxies'],
  header_name: ['header'], key_name: ['header'], key_names: ['header'], query_param: ['query'], query_name: ['query'], param: ['query'], anonymous: ['anonymous_consumer'],
  apikey: ['key'], api_key: ['key'], token: ['key'], secret: ['key'], password: ['key'], value: ['key'], hash: ['key_sha256'], sha256: ['key_sha256'],
};

/** Switches that a plugin's options do not have, since `_meta` has them for all. */
const OF_META: Readonly<Record<string, string>> = {
  disable: 'write `_meta: {disable: true}`', disabled: 'write `_meta: {disable: true}`', priority: 'write `_meta: {priority: 1}`',
  enable: 'a plugin that stands here is on, unless `_meta: {disable: true}`', enabled: 'a plugin that stands here is on, unless `_meta: {disable: true}`',
  error_response: 'write it below `_meta`',
};

/** What was probably meant by a field that nothing knows. */
export function unknownHint(path: Path, name: string, known: readonly string[]): string {
  const near = meantField(name, known);
  return misplaced(path, name) ?? (near === undefined ? listHint(name, known) : `did you mean \`${near}\`?`);
}

/** The field that an unknown name stands for, if any is near. */
export function meantField(name: string, known: readonly string[]): string | undefined {
  const others = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  // before what is spelt alike: `url` is one letter from `uri`, and means something else
  return others?.find((field) => known.includes(field)) ?? suggest(name, known);
}

/** Where a field belongs that stands elsewhere. */
function misplaced(path: Path, name: string): string | undefined {
  const inOptions = path.at(-2) === 'plugins';
  const meta = inOptions && Object.hasOwn(OF_META, name) ? OF_META[name] : undefined;
  if (meta !== undefined) return meta;
  if (path[0] === 'routes' && inOptions && isSecretName(name)) return 'a credential belongs to a consumer, below `consumers`';
  if (path[0] === 'consumers' && path.length === 2 && (isSecretName(name) || name.endsWith('-auth'))) return 'a credential stands below `plugins`, and there below the name of the plugin';
  if (path[0] === 'routes' && path.length === 2) return misplacedOnRoute(name);
  if (path[0] === 'requests' && path.length === 2) return EXPECTED.has(name) ? 'it stands below `expect`' : undefined;
  const below = path.at(-1) === 'checks' || path.at(-2) === 'checks' ? OF_CHECKS[String(path.at(-1))] : undefined;
  return below?.fields.has(name) ? `it stands below ${below.where}` : undefined;
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

function misplacedOnRoute(name: string): string | undefined {
  if (name === 'headers' || name === 'query' || name === 'args') return 'a route takes requests by path, method and host alone';
  if (name.endsWith('-auth')) return 'a plugin stands below `plugins`';
  return name === 'nodes' || name === 'scheme' || name === 'pass_host' ? 'it stands below `upstream`' : undefined;
}

/** `key:secret` without a space is one word to YAML. */
const listHint = (name: string, known: readonly string[]): string =>
  (known.some((field) => name.startsWith(`${field}:`)) ? 'a colon needs a space after it' : `known: ${known.join(', ')}`);
