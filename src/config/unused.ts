import type { Code } from '../diagnostics/codes.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Config } from '../schema/file.js';
import type { References } from './items.js';
import type { LinkedSets } from './link-plugins.js';
import type { LinkedService, LinkedUpstream } from './linked.js';
import type { Report } from './report.js';

interface Known extends LinkedSets {
  readonly upstreams: ReadonlyMap<string, LinkedUpstream>;
  readonly services: ReadonlyMap<string, LinkedService>;
}

/** Warns of what nothing refers to; `auth`: names of the plugins that recognise consumers. */
export function warnOfUnused(config: Config, known: Known, auth: ReadonlySet<string>, references: References, report: Report): void {
  const { upstreams, services, pluginConfigs, groups } = known;
  const warn = (code: Code, path: Path, message: string): void => report.warning(code, path, message);
  const idle = [...upstreams].filter(([, upstream]) => !references.has(upstream));
  const named = idle.length > 0 ? namesUnder('upstream_id', config) : NONE;
  for (const [id, upstream] of idle) if (!named.has(id)) warn('unused-upstream', upstream.path, `no route uses the upstream \`${id}\``);
  for (const [id, service] of services) if (!references.has(service)) warn('unused-service', service.place.path, `no route uses the service \`${id}\``);
  for (const [id, set] of pluginConfigs) if (!references.has(set)) warn('unused-plugin-config', set.path, `no route uses the plugin config \`${id}\``);
  for (const [id, group] of groups) if (!references.has(group)) warn('unused-consumer-group', group.path, `no consumer is in the consumer group \`${id}\``);
  warnOfConsumers(config, auth, report);
}

/** A consumer that has no credential, and that no plugin names, is never met. */
function warnOfConsumers(config: Config, auth: ReadonlySet<string>, report: Report): void {
  const credited = new Set(config.consumers.flatMap(({ id }) => (typeof id === 'string' && id.includes('/credentials/') ? [id.split('/', 1)[0]] : [])));
  const idle = [...config.consumers.entries()].filter(([, { username, plugins = {} }]) => username !== undefined && !credited.has(username) && !Object.keys(plugins).some((name) => auth.has(name)));
  // an authorization service may name any of them
  if (idle.length === 0 || namesUnder('consumer_header', config).size > 0) return;
  const named = namesUnder('anonymous_consumer', config);
  for (const [i, { username = '' }] of idle) {
    if (!named.has(username)) report.warning('unused-consumer', ['consumers', i, 'username'], `the consumer \`${username}\` has no credential: no request is ever its own`, { hint: 'write a credential below `plugins`' });
  }
}

const NONE: ReadonlySet<string> = new Set();

/** What stands under a field anywhere in the plugins of a configuration. */
function namesUnder(field: string, { routes, services, plugin_configs: sets, global_rules: rules, consumer_groups: groups, consumers }: Config): ReadonlySet<string> {
  const found = new Set<string>();
  for (const items of [routes, services, sets, rules, groups, consumers]) for (const { plugins } of items) collect(plugins, field, found);
  return found;
}

function collect(data: unknown, field: string, found: Set<string>): void {
  if (typeof data !== 'object' || data === null) return;
  for (const [key, value] of Object.entries(data)) {
    if (key === field && typeof value !== 'object') found.add(String(value));
    else collect(value, field, found);
  }
}
