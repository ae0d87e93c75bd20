import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';
import { publishedSchema } from '../../src/schema/publish.js';

describe('the published schema', () => {
  it('is what its source says (npm run schema writes it)', () => {
    assert.equal(readFileSync(new URL('../../../schemas/gateway.schema.json', import.meta.url), 'utf8'), publishedSchema(PLUGINS));
  });

  it('describes every property', () => {
    assert.deepEqual(undescribed(fileSchema(PLUGINS), ''), []);
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
