import type { Path } from '../diagnostics/diagnostic.js';
import type { Consumer } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { PluginConfigs } from '../schema/route.js';
import { each, type Steps } from '../steps.js';
import type { References } from './items.js';
import { placeOf } from './link-plugins.js';
import type { PluginPlace } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';

/** What is configured for consumers beyond their credentials. */
export interface LinkedOverlays {
  /** Of each consumer that has any: its own plugins, then its group's. */
  readonly overlays: ReadonlyMap<Consumer, readonly PluginPlace[]>;
  /** The consumers' own. */
  readonly places: readonly PluginPlace[];
}

interface Known {
  readonly items: readonly ConsumerConfig[];
  readonly consumers: ReadonlyMap<string, Consumer>;
  readonly groups: ReadonlyMap<string, PluginPlace>;
  /** Names of auth plugins: on a consumer these hold credentials. */
  readonly auth: ReadonlySet<string>;
}

/** Links the plugins of consumers and of their groups. */
export function* linkOverlays({ items, consumers, groups, auth }: Known, references: References, secrets: SecretReader, report: Report): Steps<LinkedOverlays> {
  const overlays = new Map<Consumer, readonly PluginPlace[]>();
  const places: PluginPlace[] = [];
  yield* each(items, (item, i) => {
    const path: Path = ['consumers', i];
    if (item.username === undefined) return refuseInCredential(item, path, auth, report);
    const consumer = consumers.get(item.username);
    const group = references.find('consumer group', groups, item.group_id, path, 'group_id', 'add it to `consumer_groups`');
    const plugins = without(item.plugins ?? {}, auth);
    const own = Object.keys(plugins).length > 0 ? placeOf(`consumer/${item.username}`, path, plugins, secrets) : undefined;
    if (own) places.push(own);
    if (consumer && (own || group)) overlays.set(consumer, [...(own ? [own] : []), ...(group ? [group] : [])]);
  });
  for (const { path, plugins } of groups.values()) warnOfAuth(plugins, path, auth, report);
  return { overlays, places };
}

const without = (plugins: PluginConfigs, names: ReadonlySet<string>): PluginConfigs => Object.fromEntries(Object.entries(plugins).filter(([name]) => !names.has(name)));

/** A credential tells who calls, and nothing else. */
function refuseInCredential({ id, group_id: group, plugins = {} }: ConsumerConfig, path: Path, auth: ReadonlySet<string>, report: Report): void {
  const hint = `write it on the consumer \`${String(id).split('/', 1)[0]}\``;
  for (const name of Object.keys(plugins)) {
    if (!auth.has(name)) report.error('unknown-plugin', [...path, 'plugins', name], `the plugin ${name} recognises nobody, and has no place in a credential`, { spot: 'key', hint });
  }
  const [first, ...others] = Object.keys(plugins).filter((name) => auth.has(name));
  for (const name of others) {
    report.error('conflicting-fields', [...path, 'plugins', name], 'a credential is one of a single plugin', { spot: 'key', hint: 'write a credential with an id of its own for each plugin', related: [report.place([...path, 'plugins', String(first)], 'first here')] });
  }
  if (group !== undefined) report.error('conflicting-fields', [...path, 'group_id'], 'a credential is in no consumer group', { spot: 'key', hint });
}

function warnOfAuth(plugins: PluginConfigs, path: Path, auth: ReadonlySet<string>, report: Report): void {
  for (const name of Object.keys(plugins)) {
    if (auth.has(name)) report.warning('no-effect', [...path, 'plugins', name], `${name} has no effect in a consumer group: who calls is known by then`, { spot: 'key', hint: 'write it on the routes' });
  }
}
