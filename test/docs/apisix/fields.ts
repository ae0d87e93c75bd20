import type { SchemaObject } from '../../../src/schema/file.js';

/** A field that a schema describes, or one of Apache APISIX that it refuses. */
export interface Field {
  /** Where it stands, below what was asked about: `checks.active.timeout`, `nodes[].host`. */
  readonly name: string;
  readonly supported: boolean;
}

/** The fields of what a schema describes, deep, in the order of the schema; those that are refused come last at each level. */
export function fieldsOf(schema: unknown, prefix = ''): readonly Field[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items, 'x-unsupported': refused = [] } = schema as Level;
  const below = Object.entries(properties).filter(([name]) => !ELSEWHERE.has(name)).flatMap(([name, property]) => [
    { name: prefix + name, supported: true },
    ...(DESCRIBED_ELSEWHERE.has(name) ? [] : fieldsOf(property, `${prefix}${name}.`)),
  ]);
  const inItems = items ? fieldsOf(items, `${prefix.replace(/\.$/, '')}[].`) : [];
  return [...below, ...inItems, ...refused.map((name) => ({ name: prefix + name, supported: false }))];
}

interface Level {
  readonly properties?: Readonly<Record<string, SchemaObject>>;
  readonly items?: object;
  readonly 'x-unsupported'?: readonly string[];
}

/** What the gateway does about any plugin has a section of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['_meta']);

/** Fields whose inside is what another section is about. */
const DESCRIBED_ELSEWHERE: ReadonlySet<string> = new Set(['upstream', 'plugins']);
