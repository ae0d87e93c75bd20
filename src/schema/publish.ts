import type { Plugin } from '../plugins/plugin.js';
import { casesSchema } from './cases.js';
import { fileSchema, type SchemaObject } from './file.js';

/**
 * The schema as it is published for editors and other validators: every field with a title and examples, and without
 * what only this gateway's own messages read.
 */
export function publishedSchema(plugins: readonly Plugin[]): string {
  return `${JSON.stringify(complete(fileSchema(plugins), ''), null, 2)}\n`;
}

/** Keywords whose value is data, not a schema. */
const DATA: ReadonlySet<string> = new Set(['default', 'examples', 'enum', 'const', 'required']);

/** What a schema says under a name such as `routes[].uri`, which becomes its title. */
function complete(schema: unknown, name: string): unknown {
  if (Array.isArray(schema)) return schema.map((item: unknown) => complete(item, name));
  if (typeof schema !== 'object' || schema === null) return schema;
  // a plugin's options are the same wherever it stands
  const prefix = 'x-plugins' in schema || name === '' ? '' : `${name}.`;
  return Object.fromEntries(Object.entries(schema).flatMap(([keyword, value]: [string, unknown]): [string, unknown][] => {
    if (keyword.startsWith('x-')) return [];
    if (DATA.has(keyword)) return [[keyword, value]];
    if (keyword !== 'properties') return [[keyword, complete(value, keyword === 'items' ? `${name}[]` : name)]];
    return [[keyword, Object.fromEntries(Object.entries(value as Readonly<Record<string, SchemaObject>>).map(([field, property]) => [field, entitled(property, prefix + field)]))]];
  }));
}

function entitled(property: SchemaObject, title: string): unknown {
  const examples = property['examples'] ?? examplesOf(property);
  return { title, ...(complete(property, title) as object), ...(examples !== undefined && { examples }) };
}

/** Where the values say it all, or the default shows how one looks. */
function examplesOf({ type, enum: values, const: only, default: fallback }: SchemaObject): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values;
  if (only !== undefined) return [only];
  if (type === 'boolean') return [true, false];
  const empty = typeof fallback === 'object' && !(Array.isArray(fallback) && fallback.length > 0);
  return empty || fallback === undefined ? undefined : [fallback];
}

/** The schema of files of cases, likewise. */
export function publishedCasesSchema(): string {
  return `${JSON.stringify(casesSchema, undefined, 2)}\n`;
}
