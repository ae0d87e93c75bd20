import type { Path } from '../diagnostics/diagnostic.js';
import type { Config } from '../schema/file.js';
import type { PluginConfigs } from '../schema/route.js';
import type { Report } from './report.js';

/** Refuses plugins that the list `plugins` leaves out, where there is one: Apache APISIX does not run them. */
export function refuseUnlisted(config: Config, report: Report): void {
  if (!config.plugins) return;
  const listed = new Set(config.plugins.map(({ name }) => name));
  for (const block of ['routes', 'services', 'plugin_configs', 'global_rules', 'consumer_groups', 'consumers'] as const) {
    config[block].forEach(({ plugins = {} }: { readonly plugins?: PluginConfigs }, i) => refuse(plugins, [block, i, 'plugins'], listed, report));
  }
}

function refuse(plugins: PluginConfigs, path: Path, listed: ReadonlySet<string>, report: Report): void {
  for (const name of Object.keys(plugins)) {
    if (!listed.has(name)) report.error('unknown-plugin', [...path, name], `the list \`plugins\` of this file leaves out ${name}`, { spot: 'key', hint: `add \`- name: ${name}\` to it, or remove the list: without it every plugin may be used` });
  }
}
