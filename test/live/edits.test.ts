import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask, until } from '../support/client.js';
import { BROKEN, saveByRename, tutorial } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
let upstream: TestUpstream;
let directories = 0;

before(async () => {
  upstream = await startUpstream('up');
});
after(async () => {
  await upstream.close();
  await space.remove();
});

const text = (disabled = false, gateway = ''): string => tutorial(upstream.port, { disabled, gateway });

async function served(use: (gateway: Running, file: string, dir: string) => Promise<void>, args: readonly string[] = []): Promise<void> {
  const dir = space.path(String(++directories));
  await mkdir(dir);
  const file = `${dir}/config.yaml`;
  await writeFile(file, text());
  const gateway = await startGateway(file, args);
  try {
    await use(gateway, file, dir);
  } finally {
    await gateway.kill();
  }
}

const statusOf = async (gateway: Running): Promise<number> => (await ask(`${gateway.url}/ip`)).status;

describe('a save of the file', { concurrency: 3 }, () => {
  it('tells in words what changed, as a warning when authentication is gone', () => served(async (gateway, file) => {
    const off = await gateway.outcome(() => saveByRename(file, text(true)));
    assert.equal(off.level, 'warn');
    assert.match(off.msg, /^AUTHENTICATION REMOVED\. .*applied: generation 2, .*route protected: key-auth disabled$/);
    assert.equal(await statusOf(gateway), 200);
    const on = await gateway.outcome(() => saveByRename(file, text(false)));
    assert.equal(on.level, 'info');
    assert.match(on.msg, /applied: generation 3, .*route protected: key-auth enabled$/);
    assert.equal(await statusOf(gateway), 401);
  }));

  it('that breaks the file changes nothing but what is told; mending it does, and so does the next edit', () => served(async (gateway, file) => {
    const refused = await gateway.outcome(() => saveByRename(file, BROKEN));
    assert.equal(refused.level, 'error');
    assert.ok(refused.msg.includes(`${file}:3:15: error: `), refused.msg);
    assert.equal(await statusOf(gateway), 401);
    assert.equal(await gateway.ready(), 200);
    const stale = await gateway.status();
    assert.deepEqual([stale.in_sync, stale.stale_because, stale.generation], [false, ['refused'], 1]);
    assert.equal(stale.last_reload.outcome, 'refused');
    assert.deepEqual(stale.last_reload.diagnostics.map(({ line, column }) => [line, column]), [[3, 15]]);

    await gateway.outcome(() => saveByRename(file, text(true)));
    assert.equal(await statusOf(gateway), 200);
    const mended = await gateway.status();
    assert.deepEqual([mended.in_sync, mended.stale_because, mended.generation], [true, [], 2]);
    await gateway.outcome(() => writeFile(file, text(false)));
    assert.equal(await statusOf(gateway), 401);
    assert.equal(gateway.program.lines.filter(({ msg }) => msg.includes('refused,')).length, 1);
  }));

  it('that breaks the file and is taken back leaves nothing stale', () => served(async (gateway, file) => {
    await gateway.outcome(() => saveByRename(file, BROKEN));
    await gateway.outcome(() => saveByRename(file, text()));
    assert.equal((await gateway.status()).in_sync, true);
  }));

  it('toggles the access log', () => served(async (gateway, file) => {
    const logged = (path: string): boolean => gateway.program.lines.some(({ msg }) => msg.startsWith(`GET ${path} 404 `));
    await ask(`${gateway.url}/one`);
    await gateway.outcome(() => saveByRename(file, text(false, '  access_log: true\n')), /gateway: access_log: false → true/);
    await ask(`${gateway.url}/two?apikey=secret-key`, { headers: { apikey: 'secret-key' } });
    await gateway.program.line(({ msg }) => msg.startsWith("GET /two 404 "));
    await gateway.outcome(() => saveByRename(file, text(false)));
    await ask(`${gateway.url}/three`);
    await gateway.outcome(() => saveByRename(file, text(true)));
    assert.deepEqual([logged('/one'), logged('/two'), logged('/three')], [false, true, false]);
    assert.ok(!gateway.program.stderr.includes('secret-key'));
  }));

  it('that moves a listener is told to wait for the next start', () => served(async (gateway, file) => {
    const warning = await gateway.outcome(() => saveByRename(file, text().replace('listen: 127.0.0.1:0', 'listen: [127.0.0.1:0, "[::1]:0"]')), /takes effect at the next start/);
    assert.equal(warning.level, 'warn');
    assert.match(warning.msg, /gateway\.listen/);
    assert.deepEqual((await gateway.status()).restart_needed, ['gateway.listen']);
    assert.equal(await statusOf(gateway), 401);
    await gateway.outcome(() => saveByRename(file, text(true)));
    assert.deepEqual((await gateway.status()).restart_needed, []);
  }));

  it('is seen by polling alone', () => served(async (gateway, file) => {
    await gateway.outcome(() => writeFile(file, text(true)));
    assert.equal(await statusOf(gateway), 200);
  }, ['--poll', '50']));
});

describe('a file that goes away', { concurrency: 3 }, () => {
  it('leaves the gateway serving, says so, and is followed when it is back', () => served(async (gateway, file) => {
    const gone = await gateway.outcome(() => rm(file), / is gone \(ENOENT\)/);
    assert.equal(gone.level, 'error');
    assert.equal(await statusOf(gateway), 401);
    assert.equal(await gateway.ready(), 200);
    assert.deepEqual((await gateway.status()).stale_because, ['absent']);
    await gateway.outcome(() => writeFile(file, text(true)));
    assert.equal(await statusOf(gateway), 200);
    assert.equal((await gateway.status()).in_sync, true);
  }));

  it('with the same bytes when it is back is no reload', () => served(async (gateway, file) => {
    await gateway.outcome(() => rm(file), / is gone /);
    await gateway.outcome(() => writeFile(file, text()), / is there again/);
    await until(async () => (await gateway.status()).in_sync, 'in sync');
    assert.equal((await gateway.status()).generation, 1);
  }));

  it('with its directory is followed when the directory is back', () => served(async (gateway, file, dir) => {
    await gateway.outcome(() => rename(dir, `${dir}-away`), / is gone /);
    assert.equal(await statusOf(gateway), 401);
    await gateway.outcome(() => rename(`${dir}-away`, dir), / is there again/);
    await until(async () => (await gateway.status()).in_sync, 'in sync');
    await gateway.outcome(() => saveByRename(file, text(true)));
    assert.equal(await statusOf(gateway), 200);
  }));

  it('and comes back broken is stale for being refused alone', () => served(async (gateway, file) => {
    await gateway.outcome(() => rm(file), / is gone /);
    await gateway.outcome(() => saveByRename(file, BROKEN));
    assert.deepEqual((await gateway.status()).stale_because, ['refused']);
  }));
});
