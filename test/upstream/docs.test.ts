import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check } from '../config/check.js';

test('the configurations in the documentation of upstreams are taken as they are', () => {
  const blocks = [...readFileSync('docs/upstreams.md', 'utf8').matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text);
  assert.ok(blocks.length > 3);
  for (const text of blocks) {
    const [, id = ''] = /- id: (\w+)/.exec(text) ?? [];
    assert.deepEqual(check(`${text}routes: [{uri: /*, upstream_id: ${id}}]\n`, {}), []);
  }
});
