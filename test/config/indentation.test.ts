import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listAbove } from '../../src/config/indentation.js';

const KEYS = 'key: 1\n'.repeat(200_000);

test('a list is looked for in the block alone that a line stands in, however many lines are above', () => {
  const blocks = `${KEYS}routes:\n  - uri: /a\nconsumers:\n`;
  assert.equal(listAbove(`${blocks} - x`, blocks.length + 1), false);
  const list = `${KEYS}routes:\n  - uri: /a\n`;
  assert.equal(listAbove(`${list} - x`, list.length + 1), true);
});
