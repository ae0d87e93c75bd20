import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './run.js';

test('thousands of spoilt requests and responses get well-formed answers or closed connections, and leave nothing behind', async (t) => {
  const seed = Date.now() % 1_000_000_000;
  t.diagnostic(`seed ${seed}`);
  const { failures, requests, responses } = await fuzz({ requests: 3000, responses: 3000, seed, within: 15_000 });
  assert.deepEqual(failures, [], `seed ${seed}`);
  assert.ok(requests > 300 && responses > 300, `${requests} requests and ${responses} responses`);
});
