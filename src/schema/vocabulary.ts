import { Candidates, suggest } from '../diagnostics/suggest.js';
import { APISIX_PLUGINS } from './apisix-plugins.js';
import { markedNames } from './marks.js';

/** How many names are remembered: of a file with more the look-ups take as long as they take. */
const MOST_NAMES = 10_000;

/** The names that a configuration may use: fields and plugins. A name outside of it may be a secret in the wrong place. */
export class Vocabulary {
  readonly #fields = new Set<string>();
  readonly #names: ReadonlySet<string>;
  readonly #marked: ReadonlySet<string>;
  readonly #candidates: Candidates;
  readonly #near = new Map<string, boolean>();

  /** Takes in every property name of a JSON Schema, those of Apache APISIX that it refuses, and APISIX's plugins. */
  constructor(schema: object) {
    collect(schema, this.#fields, 'properties');
    this.#marked = markedNames(schema);
    const refused = new Set<string>();
    collect(schema, refused, 'x-unsupported');
    this.#names = new Set([...APISIX_PLUGINS, ...this.#fields, ...refused]);
    this.#candidates = new Candidates(this.#names);
  }

  /** Whether a schema here describes what stands under this name. */
  describes(name: string): boolean {
    return this.#fields.has(name);
  }

  /** Whether a schema here marks a field of this name as a secret, or one whose name it is a slip of the pen away from. */
  isMarked(name: string): boolean {
    return this.#marked.has(name) || (!this.has(name) && name.length < 40 && suggest(name, this.#marked) !== undefined);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a name is one of these, or a slip of the pen away from one. */
  isNear(name: string): boolean {
    if (this.has(name)) return true;
    if (name.length >= 40) return false;
    const known = this.#near.get(name);
    if (known !== undefined) return known;
    if (this.#near.size >= MOST_NAMES) this.#near.clear();
    const near = this.#candidates.nearest(name) !== undefined;
    this.#near.set(name, near);
    return near;
  }
}

/** Gathers the names that stand under a keyword anywhere in a schema. */
function collect(schema: unknown, names: Set<string>, keyword: 'properties' | 'x-unsupported'): void {
  if (Array.isArray(schema)) for (const item of schema) collect(item, names, keyword);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === keyword) for (const name of Array.isArray(value) ? (value as readonly string[]) : Object.keys(value as object)) names.add(name);
    if (key !== 'default' && key !== 'examples' && key !== 'enum') collect(value, names, keyword);
  }
}
