import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { checksOf } from '../../src/config/checks.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';

test('the check that the build prepared is that of the schema that ships, and no other is checked by it', () => {
  const prepared: unknown = createRequire(import.meta.url)('../../src/config/prepared.cjs');
  assert.equal(checksOf(fileSchema(PLUGINS)).whole, prepared);
  assert.notEqual(checksOf({ ...fileSchema(PLUGINS), description: 'another' }).whole, prepared);
});
