import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPERATORS } from '../../src/expressions/operators.js';
import { variableNames } from '../../src/variables/variable.js';
import { check, places } from '../config/check.js';

const page = readFileSync('docs/routing.md', 'utf8');

test('every variable and operator is on the page', () => {
  for (const name of variableNames()) assert.ok(page.includes(`\`${name}`), name);
  for (const name of OPERATORS.keys()) assert.ok(page.includes(`\`${name}\``), name);
});

test('every configuration on the page is accepted', () => {
  const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map((m) => m[1] ?? '');
  assert.ok(blocks.length >= 2);
  for (const block of blocks) assert.deepEqual(places(check(block)), [], block);
});
