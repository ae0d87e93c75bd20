import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, connect, get, until } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { answer, startUpstream } from '../support/upstream.js';

describe('a swap of the routing table', () => {
  it('lets a request end on the table that it began with', async (t) => {
    let release = (): void => {};
    const old = await startUpstream(t, (_request, socket) => void (release = () => void socket.write(answer('old'))));
    const next = await startUpstream(t, () => answer('new'));
    const gateway = await startGateway(t, openTo(old.port));
    const waiting = await connect(t, gateway.port);
    waiting.send(get('/'));
    await until(() => old.requests.length === 1);
    for (let i = 0; i < 10; i++) {
      gateway.swap(openTo(next.port));
      assert.equal((await ask(gateway.port, get('/')))?.body, 'new');
    }
    assert.deepEqual(gateway.gateway.inFlight().filter(({ requests }) => requests > 0), [{ generation: 1, requests: 1 }]);
    release();
    assert.equal((await waiting.response())?.body, 'old');
    assert.equal((await waiting.send(get('/')).response())?.body, 'new');
    await until(() => gateway.gateway.retired === 10);
  });

  it('lets an answer stream on to its end', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n'));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(get('/'));
    await until(() => client.received.includes('first'));
    gateway.swap('routes: []');
    assert.match((await ask(gateway.port, get('/')))?.start ?? '', / 404 /);
    upstream.sockets[0]?.write('4\r\nlast\r\n0\r\n\r\n');
    assert.equal((await client.response())?.body, 'firstlast');
    await until(() => upstream.open() === 0);
  });

  it('closes the connections to a removed upstream at once when idle, and after its last request when not', async (t) => {
    let release = (): void => {};
    const upstream = await startUpstream(t, ({ target }, socket) => (target === '/slow' ? void (release = () => void socket.write(answer())) : answer()));
    const gateway = await startGateway(t, openTo(upstream.port));
    const [a, b] = [await connect(t, gateway.port), await connect(t, gateway.port)];
    a.send(get('/slow'));
    await until(() => upstream.requests.length === 1);
    await b.send(get('/')).response();
    assert.equal(upstream.open(), 2);
    gateway.swap('routes: []');
    release();
    assert.equal(statusOf((await a.response()) ?? assert.fail('cut')), 200);
    await until(() => upstream.open() === 0, 1000);
    await until(() => gateway.events.some((e) => e.type === 'retired' && e.generation === 1));
  });

  it('closes idle connections of a removed upstream without waiting for anybody', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    await client.send(get('/')).response();
    gateway.swap('routes: []');
    await until(() => upstream.open() === 0, 1000);
  });

  it('300 times under load opens no more connections than there are requests at a time, and fails none', async (t) => {
    const upstream = await startUpstream(t, ({ target }) => answer(target));
    const gateway = await startGateway(t, openTo(upstream.port));
    let running = true;
    let served = 0;
    const load = Array.from({ length: 4 }, async () => {
      const client = await connect(t, gateway.port);
      for (let i = 0; running; i++) {
        const path = i % 2 ? '/a' : '/b';
        assert.equal((await client.send(get(path)).response())?.body, path);
        served++;
      }
    });
    for (let i = 0; i < 300; i++) {
      const before = served;
      gateway.swap(`${openTo(upstream.port)}\n# ${i}`);
      await until(() => served > before);
    }
    running = false;
    await Promise.all(load);
    assert.ok(upstream.sockets.length <= 5, `${upstream.sockets.length} connections`);
    assert.ok(served >= 300);
    await until(() => gateway.gateway.retired === 300);
  });

  it('never mixes two tables in one exchange', async (t) => {
    const upstreams = [await startUpstream(t, () => answer('0', 'X-V: 0\r\n')), await startUpstream(t, () => answer('1', 'X-V: 1\r\n'))];
    const table = (v: number): string => `routes: [{id: r, uri: /v, upstream: {pass_host: rewrite, upstream_host: v${v}.test, nodes: {"127.0.0.1:${upstreams[v]?.port}": 1}}}]`;
    const gateway = await startGateway(t, table(0));
    const client = await connect(t, gateway.port);
    for (let i = 1; i <= 100; i++) {
      gateway.swap(table(i % 2));
      const message = (await client.send(get('/v')).response()) ?? assert.fail('cut');
      assert.deepEqual([message.body, values(message, 'x-v')], [String(i % 2), [String(i % 2)]]);
    }
    for (const [v, upstream] of upstreams.entries()) assert.ok(upstream.requests.every((r) => values(r, 'host').join() === `v${v}.test`));
  });

  it('retires a table whose clients left in the middle', async (t) => {
    const upstream = await startUpstream(t, () => undefined);
    const gateway = await startGateway(t, openTo(upstream.port));
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect(t, gateway.port)));
    for (const client of clients) client.send(get('/1') + get('/2'));
    await until(() => upstream.requests.length === 20);
    gateway.swap('routes: []');
    for (const client of clients) client.socket.resetAndDestroy();
    await until(() => gateway.gateway.retired === 1 && upstream.open() === 0, 1000);
  });
});
