import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, untilAnswer } from '../support/client.js';
import { exampleText, serveExample } from '../support/example.js';

test('a consumer\'s limit is edited live: another count starts afresh, and other edits leave the counter alone', async (t) => {
  const { url, save, gateway } = await serveExample('limit-count', 'json', (end) => t.after(end));
  const headers = { apikey: 'secret-key' };
  const statuses = async (times: number): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push((await ask(`${url}/ip`, { headers })).status);
    return all;
  };
  assert.deepEqual(await statuses(4), [200, 200, 200, 429]);
  const text = exampleText('limit-count');
  save(text.replace('rejected_msg: Too many requests', 'rejected_msg: Slow down'));
  await untilAnswer(`${url}/ip`, ({ status, body }) => status === 429 && body.includes('Slow down'), { headers });
  save(text.replace('count: 3', 'count: 4'));
  await gateway.says(/generation 3/);
  assert.deepEqual(await statuses(5), [200, 200, 200, 200, 429]);
});
