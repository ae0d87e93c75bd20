import { dirname } from 'node:path';
import { parse } from '../config/parse.js';
import type { Environment } from '../config/placeholders.js';
import type { Source } from '../config/source.js';
import { Vocabulary } from '../schema/vocabulary.js';
import { loadModules } from './load.js';

/** The end of a module's name, which stands in every text that lists one. */
const MODULE = /\.m?[jt]s\b/;

/** Whether a text may list modules: of most it is known at a glance that they do not. */
export const mayListModules = (text: string): boolean => MODULE.test(text);

/**
 * A source together with the modules that its `gateway.plugins` lists: they are loaded now, since nothing waits after a
 * source was read. What is wrong with them is told by the loader, at its place.
 */
export async function withModules(source: Source, env: Environment, listed?: readonly string[]): Promise<Source> {
  const names = listed ?? namesIn(source, env);
  return names.length === 0 ? source : { ...source, modules: await loadModules(names, dirname(source.file)) };
}

/** Names of modules that a text lists; none where it cannot be parsed, which is told when it is loaded. */
function namesIn(source: Source, env: Environment): readonly string[] {
  if (!mayListModules(source.text)) return [];
  const { value } = parse(source, env, new Vocabulary({}));
  const listed = within(within(value?.value, 'gateway'), 'plugins');
  return Array.isArray(listed) ? listed.filter((name) => typeof name === 'string' && MODULE.test(name)) : [];
}

const within = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined);
