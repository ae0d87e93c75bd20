import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask, startLoad, until } from '../support/client.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';
import { saveByRename, tutorial } from '../support/files.js';
import { largeFile } from '../support/large-file.js';

const ROUTES = 400;
const WITHIN = 20_000;

const space = await workspace();
const file = space.path('config.yaml');
let upstream: TestUpstream;
let gateway: Running;

const text = (edit: number): string => largeFile('routes', ROUTES, upstream.port, edit);

before(async () => {
  upstream = await startUpstream('up');
  await writeFile(file, text(0));
  gateway = await startGateway(file, [], { within: WITHIN });
});
after(async () => {
  await gateway.kill();
  await Promise.all([upstream.close(), space.remove()]);
});

describe('a file that is too large to be read between two requests', () => {
  it('is applied while requests flow, and what changed is told', async () => {
    const load = startLoad(`${gateway.url}/open`, ({ status }) => (status === 200 ? undefined : `status ${status}`), { connections: 4 });
    const applied = await gateway.outcome(() => saveByRename(file, text(1)), / applied: /, WITHIN);
    await load.stop();
    assert.match(applied.msg, /generation 2, .*route open: desc: edit 0 → edit 1$/);
    assert.deepEqual(load.failures, []);
    assert.equal((await ask(`${gateway.url}/service-7/x`)).status, 401);
    assert.equal((await ask(`${gateway.url}/service-7/x`, { headers: { apikey: 'secret-key' } })).status, 200);
  });

  it('is refused whole, with the place of its fault', async () => {
    const lines = text(2).split('\n');
    const at = lines.findIndex((line) => line.includes('/service-300/*'));
    const refused = await gateway.outcome(() => saveByRename(file, lines.with(at, '    urii: /service-300/*').join('\n')), / refused, /, WITHIN);
    assert.ok(refused.msg.includes(`${file}:${at + 1}:5: error: `), refused.msg);
    assert.equal((await gateway.status()).in_sync, false);
    assert.equal((await ask(`${gateway.url}/open`)).status, 200);
  });

  it('may be edited faster than it can be applied: its last content is what runs', async () => {
    for (let edit = 3; edit < 13; edit++) {
      await writeFile(file, text(edit));
      gateway.program.signal('SIGHUP');
    }
    await gateway.program.line(({ msg }) => / → edit 12$/.test(msg), { within: WITHIN });
    const { generation, in_sync: inSync } = await gateway.status();
    assert.equal(inSync, true);
    assert.ok(generation <= 12);
  });

  it('can become small, and large again', async () => {
    await gateway.outcome(() => saveByRename(file, tutorial(upstream.port)), / applied: .*route service|route route-0: removed/, WITHIN);
    assert.equal((await ask(`${gateway.url}/service-7/x`)).status, 404);
    const applied = await gateway.outcome(() => saveByRename(file, text(13)), / applied: /, WITHIN);
    assert.match(applied.msg, /route route-0: added/);
    await until(async () => (await ask(`${gateway.url}/service-7/x`)).status === 401, 'the route is back');
  });

  it('is missed while it is gone, though what it said last is applied meanwhile', async () => {
    await saveByRename(file, text(50));
    // it is being judged now, and what runs is not yet what it says
    await until(async () => (await gateway.status()).in_sync === false, 'the new content', WITHIN);
    await rm(file);
    await gateway.program.line(({ msg }) => / → edit 50$/.test(msg), { within: WITHIN });
    await until(async () => (await gateway.status()).stale_because.includes('absent'), 'the loss', WITHIN);
    assert.equal((await gateway.status()).in_sync, false);
    await saveByRename(file, text(50));
    await until(async () => (await gateway.status()).in_sync === true, 'the return', WITHIN);
  });

  it('leaves nothing of the gateway waiting at its end', async () => {
    await writeFile(file, text(14));
    gateway.program.signal('SIGHUP');
    gateway.program.signal('SIGTERM');
    assert.equal((await gateway.program.ended(WITHIN)).code, 0);
  });
});
