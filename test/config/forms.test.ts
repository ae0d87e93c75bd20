import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorObject } from 'ajv';
import { formOf } from '../../src/config/forms.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { casesSchema } from '../../src/schema/cases.js';
import { fileSchema } from '../../src/schema/file.js';

describe('patterns of the schemas', () => {
  it('are each told in words, and never as they are', () => {
    const patterns = new Set([...patternsIn(fileSchema(PLUGINS)), ...patternsIn(casesSchema)]);
    assert.ok(patterns.size > 20);
    assert.deepEqual([...patterns].filter((pattern) => formOf({ params: { pattern } } as unknown as ErrorObject).must.includes(pattern)), []);
  });
});

function patternsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => (keyword === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value)));
}
