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
  const named = upstreamsOfPlugins(config);
  for (const [id, upstream] of upstreams) if (!references.has(upstream) && !named.has(id)) warn('unused-upstream', upstream.path, `no route uses the upstream \`${id}\``);
  for (const [id, service] of services) if (!references.has(service)) warn('unused-service', service.place.path, `no route uses the service \`${id}\``);
  for (const [id, set] of pluginConfigs) if (!references.has(set)) warn('unused-plugin-config', set.path, `no route uses the plugin config \`${id}\``);
  for (const [id, group] of groups) if (!references.has(group)) warn('unused-consumer-group', group.path, `no consumer is in the consumer group \`${id}\``);
  warnOfConsumers(config, auth, report);
}

/** A consumer that has no credential, and that no plugin names, is never met. */
function warnOfConsumers(config: Config, auth: ReadonlySet<string>, report: Report): void {
  const credited = new Set(config.consumers.flatMap(({ id }) => (typeof id === 'string' && id.includes('/credentials/') ? [id.split('/', 1)[0]] : [])));
  const named = new Set(valuesOf(pluginsOf(config), 'anonymous_consumer'));
  config.consumers.forEach(({ username, plugins = {} }, i) => {
    const recognised = username === undefined || Object.keys(plugins).some((name) => auth.has(name)) || credited.has(username) || named.has(username);
    if (!recognised) report.warning('unused-consumer', ['consumers', i, 'username'], `the consumer \`${username}\` has no credential: no request is ever its own`, { hint: 'write a credential below `plugins`' });
  });
}

const upstreamsOfPlugins = (config: Config): ReadonlySet<string> => new Set(valuesOf(pluginsOf(config), 'upstream_id'));

const pluginsOf = ({ routes, services, plugin_configs: sets, global_rules: rules, consumer_groups: groups, consumers }: Config): unknown[] =>
  [routes, services, sets, rules, groups, consumers].flatMap((items) => items.map(({ plugins }) => plugins ?? []));

/** What stands under a name anywhere within. */
function valuesOf(data: unknown, name: string): string[] {
  if (typeof data !== 'object' || data === null) return [];
  if (Array.isArray(data)) return data.flatMap((item) => valuesOf(item, name));
  return Object.entries(data).flatMap(([key, value]) => (key === name && typeof value !== 'object' ? [String(value)] : valuesOf(value, name)));
}
