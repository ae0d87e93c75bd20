import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { PLUGINS } from '../../src/plugins/index.js';
import { casesSchema } from '../../src/schema/cases.js';
import { publishedCasesSchema, publishedSchema } from '../../src/schema/publish.js';

interface Property {
  readonly [keyword: string]: unknown;
}

const published: unknown = JSON.parse(publishedSchema(PLUGINS));
const properties = [...propertiesOf(published, '')];
const lacking = (keyword: string): string[] => properties.filter(([, property]) => !(keyword in property)).map(([path]) => path);

describe('the published schema', () => {
  it('is what its source says (npm run schema writes it)', () => {
    const stored = (name: string): string => readFileSync(new URL(`../../../schemas/${name}`, import.meta.url), 'utf8');
    assert.equal(stored('gateway.schema.json'), publishedSchema(PLUGINS));
    assert.equal(stored('requests.schema.json'), publishedCasesSchema());
  });

  it('describes every field, as that of cases does', () => {
    const undescribed = [...propertiesOf(casesSchema, '')].filter(([, property]) => !('description' in property)).map(([path]) => path);
    assert.deepEqual([...lacking('description'), ...undescribed], []);
  });

  it('gives every field a title', () => assert.deepEqual(lacking('title'), []));

  it('shows an example of every field that is no mapping of fields of its own', () => {
    const wholes = new Set(properties.filter(([, { properties: fields, items, $ref: elsewhere }]) => fields ?? items ?? elsewhere).map(([path]) => path));
    assert.deepEqual(lacking('examples').filter((path) => !wholes.has(path)), []);
  });

  it('gives no default and no example that it would refuse', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    const refused = properties.flatMap(([path, property]) => {
      const check = ajv.compile({ ...property, definitions: (published as Property)['definitions'] });
      const values = [...((property['examples'] as unknown[] | undefined) ?? []), ...('default' in property ? [property['default']] : [])];
      return values.filter((value) => !check(value)).map((value) => `${path}: ${JSON.stringify(value)}`);
    });
    assert.deepEqual(refused, []);
  });

  it('holds nothing that only this gateway reads', () => assert.doesNotMatch(publishedSchema(PLUGINS), /"x-/));

  it('is one by the meta-schema of draft-07', () => assert.equal(new Ajv({ strict: false }).validateSchema(published as object), true));
});

/** Every property with its path, wherever it stands. */
function* propertiesOf(schema: unknown, path: string): Generator<[string, Property]> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'examples' || keyword === 'default') continue;
    if (keyword !== 'properties') yield* propertiesOf(value, `${path}/${keyword}`);
    else for (const [name, property] of Object.entries(value as Record<string, Property>)) {
      yield [`${path}/${name}`, property];
      yield* propertiesOf(property, `${path}/${name}`);
    }
  }
}
