import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask, startLoad, untilAnswer } from '../support/client.js';
import { saveByRename, tutorial } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
const file = space.path('config.yaml');
let upstream: TestUpstream;
let gateway: Running;

before(async () => {
  upstream = await startUpstream('up');
  await writeFile(file, tutorial(upstream.port));
  gateway = await startGateway(file);
});
after(async () => {
  await gateway.kill();
  await upstream.close();
  await space.remove();
});

const SAVES = { 'writing in place': writeFile, 'renaming over it': saveByRename };
/** Each way: twenty in all. */
const TIMES = 10;
const MEDIAN_MS = 300;

describe('switching authentication off and on by saving, under load', () => {
  for (const [how, save] of Object.entries(SAVES)) {
    it(`takes effect in milliseconds and fails no request: ${how}`, async () => {
      const url = `${gateway.url}/ip`;
      assert.equal((await ask(url)).status, 401);
      const load = startLoad(url, ({ status }) => (status === 200 ? undefined : `status ${status}`), { connections: 16, headers: { apikey: 'secret-key' } });
      const took: number[] = [];
      for (let i = 0; i < TIMES; i++) {
        const disabled = i % 2 === 0;
        const saved = performance.now();
        await save(file, tutorial(upstream.port, { disabled }));
        await untilAnswer(url, ({ status }) => status === (disabled ? 200 : 401));
        took.push(performance.now() - saved);
      }
      await load.stop();
      assert.deepEqual(load.failures, []);
      assert.ok(load.count > 50, `only ${load.count} requests`);
      const median = took.toSorted((a, b) => a - b)[TIMES / 2] ?? Infinity;
      assert.ok(median <= MEDIAN_MS, `median ${Math.round(median)} ms of ${took.map(Math.round).join(' ')}`);
    });
  }
});
