import { suggest } from '../diagnostics/suggest.js';
import { APISIX_PLUGINS } from './apisix-plugins.js';

/** The names that a configuration may use: fields and plugins. A name outside of it may be a secret in the wrong place. */
export class Vocabulary {
  readonly #names: ReadonlySet<string>;

  /** Takes in every property name of a JSON Schema, those of Apache APISIX that it refuses, and APISIX's plugins. */
  constructor(schema: object) {
    const names = new Set<string>(APISIX_PLUGINS);
    collect(schema, names);
    this.#names = names;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a name is one of these, or a slip of the pen away from one. */
  isNear(name: string): boolean {
    return this.has(name) || (name.length < 40 && suggest(name, this.#names) !== undefined);
  }
}

function collect(schema: unknown, names: Set<string>): void {
  if (Array.isArray(schema)) for (const item of schema) collect(item, names);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') for (const name of Object.keys(value as object)) names.add(name);
    if (keyword === 'x-unsupported') for (const name of value as readonly string[]) names.add(name);
    if (keyword !== 'default' && keyword !== 'examples' && keyword !== 'enum') collect(value, names);
  }
}
