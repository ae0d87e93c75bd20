import { schemaProblem } from '../config/checks.js';
import type { Plugin } from '../plugins/plugin.js';
import { guarded } from './guard.js';
import type { Problem } from './module.js';
import { told } from './told.js';

/** The plugins among what a module exports, by itself or in lists; or why they cannot be used. */
export function pluginsOf(exported: object, print: string): readonly Plugin[] | Problem {
  const found = Object.values(exported).flat().filter(isPlugin);
  // one that is exported by name and by default is one
  const plugins = [...new Set(found)];
  if (plugins.length === 0) return { message: 'exports no plugin', hint: 'export what `plugin({ name, priority, schema, compile })` returns' };
  for (const plugin of plugins) {
    const problem = problemOf(plugin);
    if (problem) return problem;
  }
  return plugins.map((plugin) => guarded(plugin, print));
}

const isPlugin = (value: unknown): value is Plugin => typeof value === 'object' && value !== null && 'compile' in value;

/** A name as YAML is written with; it stands in messages too. */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

function problemOf(plugin: Plugin): Problem | undefined {
  const { name, priority, compile } = plugin as Readonly<Record<keyof Plugin, unknown>>;
  if (typeof name !== 'string' || !NAME.test(name)) return { message: 'exports a plugin whose `name` is no name', hint: 'a name has lower-case letters, digits and dashes, and begins with a letter' };
  const refuse = (what: string, hint: string): Problem => ({ message: `exports the plugin \`${name}\`, ${what}`, hint });
  if (typeof priority !== 'number' || !Number.isFinite(priority)) return refuse('whose `priority` is no number', 'within a phase the plugin with the higher priority runs first');
  if (typeof compile !== 'function') return refuse('whose `compile` is no function', 'it returns the handlers of a plugin configuration');
  const { credentialSchema, credentialKeys, prepare } = plugin as Plugin & Readonly<Record<'credentialSchema' | 'credentialKeys' | 'prepare', unknown>>;
  if (credentialSchema !== undefined && typeof credentialKeys !== 'function') return refuse('which has a `credentialSchema` and no function `credentialKeys`', 'without keys no credential is ever found');
  if (prepare !== undefined && typeof prepare !== 'function') return refuse('whose `prepare` is no function', 'leave it out, if nothing is to be prepared');
  return problemOfSchemas(plugin, refuse);
}

const SCHEMAS = ['schema', 'credentialSchema', 'metadataSchema'] as const;

function problemOfSchemas(plugin: Plugin, refuse: (what: string, hint: string) => Problem): Problem | undefined {
  for (const which of SCHEMAS) {
    const schema = (plugin as Readonly<Partial<Record<(typeof SCHEMAS)[number], unknown>>>)[which];
    if (schema === undefined && which !== 'schema') continue;
    const why = schemaWhy(schema);
    if (why !== undefined) return refuse(`whose \`${which}\` cannot be used: ${why}`, 'it is a JSON Schema (draft 7) of an object; see docs/own-plugins.md');
  }
  return undefined;
}

function schemaWhy(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null || !('type' in schema) || schema.type !== 'object') return 'it needs `type: \'object\'`';
  if (!('additionalProperties' in schema)) return 'it needs `additionalProperties: false`, without which a misspelt option goes unnoticed';
  if (!isData(schema)) return 'it holds what JSON does not';
  if (/"\$(?:ref|id)":/.test(JSON.stringify(schema))) return 'it is a part of the schema of the whole file, and takes no `$ref` and `$id`';
  try {
    return schemaProblem(schema as Readonly<Record<string, unknown>>);
  } catch (error) {
    return told(error);
  }
}

/** Whether it is a tree of what JSON can say. */
function isData(value: unknown, depth = 0): boolean {
  if (depth > 32) return false;
  if (Array.isArray(value)) return value.every((item) => isData(item, depth + 1));
  if (typeof value === 'object' && value !== null) return Object.values(value).every((item) => isData(item, depth + 1));
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
