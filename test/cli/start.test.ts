import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Program, run, startGateway, workspace, type Running } from '../support/cli.js';
import { ask, until } from '../support/client.js';
import { BROKEN, tutorial } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
const good = space.path('good.yaml');
let upstream: TestUpstream;

before(async () => {
  upstream = await startUpstream('up');
  await writeFile(good, tutorial(upstream.port));
});
after(async () => {
  await upstream.close();
  await space.remove();
});

async function served(args: readonly string[], use: (gateway: Running) => Promise<void>, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const gateway = await startGateway(good, args, { env });
  try {
    await use(gateway);
  } finally {
    await gateway.kill();
  }
}

/** A port that nobody listens on, just now. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function refuses(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  const open = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
  socket.destroy();
  return !open;
}

describe('a start that cannot be', { concurrency: 3 }, () => {
  it('exits 1 for a missing file', async () => {
    const { code, stdout, stderr } = await run(['start', '-c', space.path('none.yaml')]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /there is no file .*none\.yaml/);
  });

  it('exits 1 for a directory', async () => {
    await mkdir(space.path('dir'));
    const { code, stderr } = await run(['start', '-c', space.path('dir')]);
    assert.equal(code, 1);
    assert.match(stderr, /is a directory/);
  });

  it('exits 1 for a bad file, tells the place, and never opens its port', async () => {
    const port = await freePort();
    const bad = space.path('bad.yaml');
    await writeFile(bad, BROKEN);
    const program = new Program(['start', '-c', bad, '--listen', `127.0.0.1:${port}`, '--admin', 'off'], {});
    let opened = 0;
    const end = program.ended(5000);
    let over = false;
    void end.then(() => { over = true; });
    while (!over) {
      if (!await refuses(port)) opened++;
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    const { code, stdout, stderr } = await end;
    assert.deepEqual([code, stdout, opened], [1, '', 0]);
    assert.ok(stderr.includes(`${bad}:3:15: error: `), stderr);
    assert.match(stderr, /nothing is started/);
  });

  it('exits 1 when another program has the port', async () => {
    const { code, stderr } = await run(['start', '-c', good, '--listen', `127.0.0.1:${upstream.port}`, '--admin', 'off']);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`cannot listen on 127.0.0.1:${upstream.port}: another program listens there`));
  });

  it('exits 1 when another program has the admin port', async () => {
    const { code, stderr } = await run(['start', '-c', good, '--admin', `127.0.0.1:${upstream.port}`]);
    assert.equal(code, 1);
    assert.match(stderr, /cannot listen on .*: another program listens there/);
  });
});

describe('gateway start', { concurrency: 3 }, () => {
  it('serves at every --listen', () => served(['--listen', '127.0.0.1:0', '--listen', 'localhost:0'], async ({ urls }) => {
    assert.equal(urls.length, 2);
    assert.match(urls[1] ?? '', /^http:\/\/localhost:[1-9]/);
    for (const url of urls) assert.equal((await ask(`${url}/open`)).status, 200);
  }));

  it('opens no admin listener with --admin off', () => served(['--admin', 'off'], async ({ admin, url }) => {
    assert.equal(admin, undefined);
    assert.equal((await ask(`${url}/open`)).status, 200);
  }));

  it('logs JSON lines with --log-format json, and nothing on stdout', () => served([], async ({ program }) => {
    for (const text of program.stderr.trim().split('\n')) assert.equal(typeof (JSON.parse(text) as { msg: unknown }).msg, 'string');
    program.signal('SIGTERM');
    assert.equal((await program.ended(2000)).stdout, '');
  }));

  it('logs readable lines with --log-format pretty, coloured unless NO_COLOR is set', async () => {
    const pretty = async (env: NodeJS.ProcessEnv): Promise<string> => {
      const { stderr } = await run(['start', '-c', space.path('none.yaml'), '--log-format', 'pretty'], { env });
      return stderr;
    };
    const [plain, coloured] = await Promise.all([pretty({ NO_COLOR: '1' }), pretty({ FORCE_COLOR: '1' })]);
    assert.match(plain, /ERROR: .*there is no file/);
    assert.ok(!plain.includes('\u001b['));
    // the message's own colours too, and whole
    assert.match(coloured, /\u001b\[31merror\u001b\[/);
  });

  it('is silent about what is below --log-level', async () => {
    const port = await freePort();
    const program = new Program(['start', '-c', good, '--admin', 'off', '--log-level', 'error', '--listen', `127.0.0.1:${port}`], {});
    try {
      await until(async () => !await refuses(port), 'it listens');
      program.signal('SIGKILL');
      assert.equal((await program.ended(2000)).stderr, '');
    } finally {
      await program.kill();
    }
  });

  it('takes a key by the hash that hash-key made', async () => {
    const hash = (await run(['hash-key'], { input: 'hashed-one\n' })).stdout.trim();
    const file = space.path('hashed.yaml');
    await writeFile(file, tutorial(upstream.port).replace('key: secret-key', `key_sha256: ${hash}`));
    const gateway = await startGateway(file);
    try {
      assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
      assert.equal((await ask(`${gateway.url}/ip`, { headers: { apikey: hash } })).status, 401);
      assert.equal((await ask(`${gateway.url}/ip`, { headers: { apikey: 'hashed-one' } })).status, 200);
    } finally {
      await gateway.kill();
    }
  });
});
