import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { casesSchema } from '../../src/schema/cases.js';
import { fileSchema } from '../../src/schema/file.js';
import { publishedCasesSchema, publishedSchema } from '../../src/schema/publish.js';

describe('the published schema', () => {
  it('is what its source says (npm run schema writes it)', () => {
    const stored = (name: string): string => readFileSync(new URL(`../../../schemas/${name}`, import.meta.url), 'utf8');
    assert.equal(stored('gateway.schema.json'), publishedSchema(PLUGINS));
    assert.equal(stored('requests.schema.json'), publishedCasesSchema());
  });

  it('describes every property', () => {
    assert.deepEqual([...undescribed(fileSchema(PLUGINS), ''), ...undescribed(casesSchema, '')], []);
  });
});

function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => {
    if (keyword !== 'properties') return undescribed(value, `${path}/${keyword}`);
    return Object.entries(value as Record<string, { description?: string }>).flatMap(([name, property]) => [
      ...(property.description ? [] : [`${path}/${name}`]), ...undescribed(property, `${path}/${name}`),
    ]);
  });
}
