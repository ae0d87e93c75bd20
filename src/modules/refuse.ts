import type { Document } from '../config/document.js';
import { Report } from '../config/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import type { Modules } from './module.js';
import { mayListModules } from './with-modules.js';

const NONE: Modules = new Map();

/** What is wrong with the modules that a document lists: whatever keeps one from being used refuses the file. */
export function refuseModules(document: Document, modules: Modules = NONE, own: readonly Plugin[]): readonly Diagnostic[] {
  const report = new Report(document);
  const owners = new Map(own.map(({ name }) => [name, 'the gateway']));
  for (const [i, name] of listed(document.value).entries()) {
    if (name === undefined) continue;
    const path = ['gateway', 'plugins', i];
    const module = modules.get(name);
    if (!module) report.error('module-unusable', path, `${name} was not loaded`, { hint: 'write its name as it is, with its ending: ./my-plugin.js' });
    else if (module.problem) report.error('module-unusable', path, `${name} ${module.problem.message}`, { hint: module.problem.hint });
    for (const plugin of module?.plugins ?? []) {
      const owner = owners.get(plugin.name);
      if (owner !== undefined) report.error('module-unusable', path, `${name} exports the plugin \`${plugin.name}\`, and ${owner} has one of that name`, { hint: 'give it another name' });
      owners.set(plugin.name, name);
    }
  }
  return report.diagnostics;
}

/** Of a document that no schema has checked yet; undefined for what the schema refuses. */
function listed(value: unknown): readonly (string | undefined)[] {
  const { gateway } = (value ?? {}) as { readonly gateway?: Partial<Config['gateway']> };
  const plugins: unknown = gateway?.plugins;
  return Array.isArray(plugins) ? plugins.map((name: unknown) => (typeof name === 'string' && mayListModules(name) ? name : undefined)) : [];
}
