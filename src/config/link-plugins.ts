import type { Path } from '../diagnostics/diagnostic.js';
import type { Config } from '../schema/file.js';
import type { MetadataConfig } from '../schema/metadata.js';
import type { PluginSetConfig } from '../schema/plugin-set.js';
import type { PluginConfigs } from '../schema/route.js';
import { itemsOf } from './items.js';
import type { PluginPlace } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';

/** Plugins that are written once for several routes, consumers or requests; by id. */
export interface LinkedSets {
  readonly pluginConfigs: ReadonlyMap<string, PluginPlace>;
  readonly groups: ReadonlyMap<string, PluginPlace>;
  readonly globalRules: readonly PluginPlace[];
}

/** Links `plugin_configs`, `consumer_groups` and `global_rules`. */
export function linkSets(config: Config, secrets: SecretReader, report: Report): LinkedSets {
  const set = (block: string, kind: string, owner: string, configs: readonly PluginSetConfig[]): Map<string, PluginPlace> =>
    new Map([...itemsOf(block, kind, configs, report)].map(([id, { path, config: { plugins } }]) => [id, placeOf(`${owner}/${id}`, path, plugins, secrets)]));
  const globalRules = [...set('global_rules', 'global rule', 'global_rule', config.global_rules).values()];
  refuseTwice(globalRules, report);
  return {
    pluginConfigs: set('plugin_configs', 'plugin config', 'plugin_config', config.plugin_configs),
    groups: set('consumer_groups', 'consumer group', 'consumer_group', config.consumer_groups),
    globalRules,
  };
}

/** The plugins of a resource, secrets in place of the references to them. */
export function placeOf(owner: string, path: Path, plugins: PluginConfigs | undefined, secrets: SecretReader): PluginPlace {
  return { owner, path, plugins: plugins ? secrets.resolve(plugins, [...path, 'plugins']) : NONE };
}

const NONE: PluginConfigs = Object.freeze({});

/** Apache APISIX takes a plugin that stands in several global rules out of all of them: a guard would be gone. */
function refuseTwice(rules: readonly PluginPlace[], report: Report): void {
  const first = new Map<string, Path>();
  for (const { path, plugins } of rules) {
    for (const name of Object.keys(plugins)) {
      const at = [...path, 'plugins', name];
      const other = first.get(name);
      if (other) report.error('global-plugin-twice', at, `the plugin ${name} stands in two global rules`, { spot: 'key', hint: 'every request would meet it twice: keep one of them', related: [report.place(other, 'first here', 'key')] });
      else first.set(name, at);
    }
  }
}

/** `plugin_metadata` by plugin name. */
export function linkMetadata(configs: readonly MetadataConfig[], secrets: SecretReader, report: Report): Map<string, MetadataConfig> {
  return new Map([...itemsOf('plugin_metadata', 'entrie', configs, report)].map(([id, { path, config }]) => [id, secrets.resolve(config, path)]));
}
