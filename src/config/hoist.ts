import type { SchemaObject } from '../schema/file.js';

/**
 * The same schema, with each object that it describes defined by itself and referred to. Of a schema that stands as one
 * piece the check is one function, too large for the engine to optimise, and compiled as a whole for a file that uses a
 * tenth of it. What stands in the branches of a choice stays there: errors are told by the branch that they come from.
 */
export function hoist(schema: SchemaObject): SchemaObject {
  const definitions = new Map<string, string>();
  const refer = (value: unknown): unknown => {
    const inner = within(value, refer);
    if (!isObjectSchema(inner)) return inner;
    const { default: byDefault, ...definition } = inner;
    const text = JSON.stringify(definition);
    const name = definitions.get(text) ?? `object-${definitions.size + 1}`;
    definitions.set(text, name);
    return { $ref: `#/definitions/${name}`, ...(byDefault !== undefined && { default: byDefault }) };
  };
  const { definitions: own, ...whole } = within(schema, refer) as SchemaObject;
  const kept = Object.entries((own ?? {}) as SchemaObject);
  return { ...whole, definitions: Object.fromEntries([...kept, ...[...definitions].map(([text, name]) => [name, JSON.parse(text) as unknown])]) };
}

/** A schema, with what `refer` makes of the schemas right below it. */
function within(schema: unknown, refer: (value: unknown) => unknown): unknown {
  if (!isPlain(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => {
    if (keyword === 'items' || keyword === 'additionalProperties') return [keyword, refer(value)];
    if (keyword === 'properties') return [keyword, each(value, refer)];
    // these stand by themselves as they are
    return [keyword, keyword === 'definitions' ? each(value, (definition) => within(definition, refer)) : value];
  }));
}

const each = (schemas: unknown, map: (value: unknown) => unknown): object => Object.fromEntries(Object.entries(schemas as object).map(([name, schema]) => [name, map(schema)]));

const isObjectSchema = (schema: unknown): schema is SchemaObject => isPlain(schema) && isPlain(schema['properties']);

const isPlain = (value: unknown): value is SchemaObject => typeof value === 'object' && value !== null && !Array.isArray(value);
