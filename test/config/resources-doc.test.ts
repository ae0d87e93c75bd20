import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';
import { check } from './check.js';

const text = readFileSync('docs/resources.md', 'utf8');
const blocks = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);

test('docs/resources.md: its examples are taken without a word', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'tom'), 'key-of-tom-5f0c1d\n');
  assert.equal(blocks.length, 2);
  for (const yaml of blocks) assert.deepEqual(check(yaml.replace('/run/secrets', folder), { APP_TOM: 'key-of-tom-93ab27', TOM_KEY: 'key-of-tom-77de41' }), []);
});

test('docs/resources.md names every list of the file', () => {
  const { properties } = fileSchema(PLUGINS) as { readonly properties: object };
  for (const name of Object.keys(properties)) if (name !== 'gateway') assert.ok(text.includes(`\`${name}\``), name);
});
