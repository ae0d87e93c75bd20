import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { holdHangups } from '../../src/cli/hangups.js';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask, until } from '../support/client.js';
import { saveByRename, tutorial } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
const BIG = Buffer.alloc(24 * 1024 * 1024, 'x');
let upstream: TestUpstream;
/** Answers that wait for the test to end them. */
let held: http.ServerResponse[] = [];
let files = 0;

before(async () => {
  upstream = await startUpstream('up', (req, res) => {
    if (req.url === '/open?hold') held.push(res);
    else res.end(req.url === '/open?big' ? BIG : 'ok');
  });
});
after(async () => {
  await upstream.close();
  await space.remove();
});

async function served(use: (gateway: Running, file: string) => Promise<void>, { args = [], gateway: block = '' }: { args?: readonly string[]; gateway?: string } = {}): Promise<void> {
  const file = space.path(`${++files}.yaml`);
  held = [];
  await writeFile(file, tutorial(upstream.port, { gateway: block }));
  const gateway = await startGateway(file, args);
  try {
    await use(gateway, file);
  } finally {
    await gateway.kill();
  }
}

/** Connects without asking for anything; fails with the connection. */
async function connect(url: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

const applied = (generation: number) => ({ msg }: { msg: string }): boolean => msg.includes(`applied: generation ${generation},`);

describe('SIGHUP', () => {
  it('before there is anything to reload is kept for later', () => {
    const held = holdHangups();
    process.emit('SIGHUP');
    assert.equal(held.release(), true);
    assert.equal(process.listenerCount('SIGHUP'), 0);
    assert.equal(holdHangups().release(), false);
  });

  it('applies the file again, also when its bytes are the same', () => served(async ({ program }) => {
    program.signal('SIGHUP');
    assert.match((await program.line(applied(2))).msg, /nothing changed/);
  }));

  it('is all that applies a save with --no-watch', () => served(async (gateway, file) => {
    await saveByRename(file, tutorial(upstream.port, { disabled: true }));
    assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
    const { msg } = await gateway.outcome(() => gateway.program.signal('SIGHUP'));
    assert.match(msg, /AUTHENTICATION REMOVED.*route protected: key-auth disabled/);
    assert.equal((await ask(`${gateway.url}/ip`)).status, 200);
  }, { args: ['--no-watch'] }));

  it('never takes half a file for one, with --no-watch either', () => served(async (gateway, file) => {
    await writeFile(file, tutorial(upstream.port, { disabled: true, marker: false }));
    await gateway.outcome(() => gateway.program.signal('SIGHUP'), /is not applied: it ended with a line #END before/);
    assert.deepEqual((await gateway.status()).stale_because, ['unfinished']);
    assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
  }, { args: ['--no-watch'] }));

  for (const args of [[], ['--no-watch']]) {
    it(`survives a file that is not there, and finds it again: start ${args.join(' ')}`, () => served(async (gateway, file) => {
      await rm(file);
      await gateway.outcome(() => gateway.program.signal('SIGHUP'), /is gone \(ENOENT\)/);
      assert.deepEqual((await gateway.status()).stale_because, ['absent']);
      assert.equal(await gateway.ready(), 200);
      await gateway.outcome(() => gateway.program.signal('SIGHUP'), /is NOT what runs since .*, because it cannot be read: generation 1 stays/);
      await gateway.outcome(async () => {
        await saveByRename(file, tutorial(upstream.port, { disabled: true }));
        gateway.program.signal('SIGHUP');
      });
      // null: without a watch nobody looks whether it still is
      assert.notEqual((await gateway.status()).in_sync, false);
      assert.equal((await ask(`${gateway.url}/ip`)).status, 200);
    }, { args }));
  }

  it('many times at once comes to few reloads', () => served(async (gateway, file) => {
    // large enough that signals arrive while it is being read and applied
    const routes = Array.from({ length: 500 }, (_, i) => `  - {id: r${i}, uri: /r${i}, upstream_id: up}\n`).join('');
    await gateway.outcome(() => saveByRename(file, tutorial(upstream.port).replace('routes:\n', `routes:\n${routes}`)));
    const { generation } = await gateway.status();
    const from = gateway.program.lines.length;
    for (let i = 0; i < 50; i++) gateway.program.signal('SIGHUP');
    await gateway.program.line(applied(generation + 1), { from });
    // a reload asked for now comes after all that the signals led to
    await gateway.outcome(() => saveByRename(file, tutorial(upstream.port, { disabled: true })), /key-auth disabled/);
    assert.ok(gateway.program.lines.slice(from).some(({ msg }) => msg.startsWith('SIGHUP')));
    const reloads = gateway.program.lines.slice(from).filter(({ msg }) => / applied: /.test(msg)).length - 1;
    assert.ok(reloads <= 10, `${reloads} reloads for 50 signals`);
  }));
});

describe('SIGTERM', () => {
  it('exits 0 at once when nothing is in flight, also with idle kept-alive connections', () => served(async (gateway) => {
    const agent = new http.Agent({ keepAlive: true });
    await ask(`${gateway.url}/open`, { agent });
    const unused = await connect(gateway.url);
    unused.resume();
    const sent = performance.now();
    gateway.program.signal('SIGTERM');
    assert.equal((await gateway.program.ended(3000)).code, 0);
    assert.ok(performance.now() - sent < 1000, `${performance.now() - sent} ms`);
    agent.destroy();
    unused.destroy();
  }));

  it('refuses new connections, is not ready, and lets requests in flight end', () => served(async (gateway) => {
    const agent = new http.Agent({ keepAlive: true });
    const answer = ask(`${gateway.url}/open?hold`, { agent });
    await until(() => held.length === 1, 'the upstream has the request');
    const sent = performance.now();
    gateway.program.signal('SIGTERM');
    await until(async () => connect(gateway.url).then((socket) => { socket.destroy(); return false; }, () => true), 'connections are refused');
    const refusedAfter = performance.now() - sent;
    assert.ok(refusedAfter < 300, `still taking connections after ${refusedAfter} ms`);
    assert.equal(await gateway.ready(), 503);
    assert.deepEqual((await gateway.status()).in_flight, [{ generation: 1, requests: 1 }]);
    held[0]?.end('whole');
    const { status, body, headers } = await answer;
    assert.deepEqual([status, body], [200, 'whole']);
    // or the client would send its next request into a closing connection
    assert.equal(headers.connection, 'close');
    assert.equal((await gateway.program.ended(2000)).code, 0);
    agent.destroy();
  }));

  it('does not cut an answer that a slow client is still taking', () => served(async (gateway) => {
    const socket = await connect(gateway.url);
    socket.pause();
    socket.write('GET /open?big HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await once(socket, 'readable');
    gateway.program.signal('SIGTERM');
    await gateway.program.line(({ msg }) => msg.startsWith('SIGTERM: '));
    let taken = 0;
    for await (const chunk of socket) taken += (chunk as Buffer).length;
    assert.ok(taken > BIG.length, `${taken} of ${BIG.length} bytes came`);
    assert.equal((await gateway.program.ended(2000)).code, 0);
  }));

  it('closes what does not end within drain_timeout, and exits', () => served(async (gateway) => {
    const answer = ask(`${gateway.url}/open?hold`).then(() => 'answered', () => 'cut');
    await until(() => held.length === 1, 'the upstream has the request');
    const sent = performance.now();
    gateway.program.signal('SIGTERM');
    assert.equal(await answer, 'cut');
    assert.equal((await gateway.program.ended(2000)).code, 0);
    const took = performance.now() - sent;
    assert.ok(took >= 250 && took < 2000, `${took} ms`);
    assert.ok(gateway.program.lines.some(({ msg }) => msg.startsWith('1 in flight did not end')));
  }, { gateway: '  drain_timeout: 0.3\n' }));

  it('twice exits at once, and not with 0', () => served(async (gateway) => {
    const answer = ask(`${gateway.url}/open?hold`).catch(() => undefined);
    await until(() => held.length === 1, 'the upstream has the request');
    gateway.program.signal('SIGTERM');
    await gateway.program.line(({ msg }) => msg.startsWith('SIGTERM: '));
    gateway.program.signal('SIGTERM');
    const { code } = await gateway.program.ended(1000);
    assert.equal(code, 1);
    await answer;
  }));

  it('under load fails no request on a connection that is open', () => served(async (gateway) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const failed: string[] = [];
    let answered = 0;
    const loop = async (): Promise<void> => {
      for (;;) {
        const req = http.get(`${gateway.url}/open`, { agent });
        try {
          const [res] = await once(req, 'response') as [http.IncomingMessage];
          for await (const _ of res.resume()) void _;
          answered++;
        } catch (error) {
          // a new connection is refused, which is how the loop ends
          if (req.reusedSocket) failed.push(String(error));
          return;
        }
      }
    };
    const loops = Array.from({ length: 8 }, loop);
    await until(() => answered > 100, 'the load runs');
    gateway.program.signal('SIGINT');
    await Promise.all(loops);
    assert.deepEqual(failed, []);
    assert.equal((await gateway.program.ended(2000)).code, 0);
    agent.destroy();
  }));
});
