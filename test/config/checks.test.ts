import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { checksOf } from '../../src/config/checks.js';
import { hoist } from '../../src/config/hoist.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';

test('the check that the build prepared is that of the schema that ships, and no other is checked by it', () => {
  const prepared: unknown = createRequire(import.meta.url)('../../src/config/prepared.cjs');
  assert.equal(checksOf(fileSchema(PLUGINS)).whole, prepared);
  assert.notEqual(checksOf({ ...fileSchema(PLUGINS), description: 'another' }).whole, prepared);
});

test('an object that stands in several places is checked by one function, and each place keeps its default; choices stay whole', () => {
  const inner = { type: 'object', properties: { size: { type: 'integer', default: 3 } } };
  const choice = { anyOf: [inner, { type: 'string' }] };
  assert.deepEqual(hoist({ type: 'object', properties: { a: { ...inner, default: {} }, b: inner, list: { type: 'array', items: inner }, choice }, definitions: { kept: { items: inner } } }), {
    type: 'object',
    properties: {
      a: { $ref: '#/definitions/object-1', default: {} },
      b: { $ref: '#/definitions/object-1' },
      list: { type: 'array', items: { $ref: '#/definitions/object-1' } },
      choice,
    },
    definitions: { kept: { items: { $ref: '#/definitions/object-1' } }, 'object-1': inner },
  });
});
