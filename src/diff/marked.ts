import { isSecretName } from '../config/secret-names.js';
import { isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import { markedNames } from '../schema/marks.js';
import type { Difference } from './differences.js';

/** Names of fields that plugins' schemas mark as secrets, and that do not sound so: the others are known by their names. */
export function markedBy(plugins: readonly Plugin[]): ReadonlySet<string> {
  const schemas = plugins.map((plugin) => [plugin.schema, plugin.metadataSchema, isAuthPlugin(plugin) ? plugin.credentialSchema : undefined]);
  return new Set([...markedNames(schemas)].filter((name) => !isSecretName(name)));
}

/** Whether a difference is about one of them, or holds one. */
export function isMarked({ path, before, after }: Difference, marked: ReadonlySet<string>): boolean {
  return marked.size > 0 && (path.some((name) => marked.has(name)) || mentions(before, marked) || mentions(after, marked));
}

function mentions(value: unknown, marked: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) => marked.has(name) || mentions(item, marked));
}
