import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, connect, get, until } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { answer, startHostile, startUpstream, type Script } from '../support/upstream.js';

const post = (path = '/', body = 'hi'): string => `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('connections to an upstream', () => {
  it('are kept, and no more than requests at a time', async (t) => {
    const warnings: unknown[] = [];
    const warn = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', warn);
    t.after(() => process.off('warning', warn));
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port));
    await Promise.all(Array.from({ length: 4 }, async () => {
      const client = await connect(t, gateway.port);
      for (let i = 0; i < 100; i++) assert.ok(await client.send(i % 2 ? get('/') : post()).response());
    }));
    assert.ok(upstream.sockets.length <= 5, `${upstream.sockets.length} connections`);
    assert.deepEqual(warnings, []);
  });

  it('are not closed because a client says `Connection: close`', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port));
    for (let i = 0; i < 20; i++) {
      const client = (await connect(t, gateway.port)).send(get('/', 'Connection: close\r\n'));
      assert.ok(await client.response());
      await client.end();
    }
    assert.equal(upstream.sockets.length, 1);
  });

  it('close when the upstream says so, and the client\'s stays', async (t) => {
    const upstream = await startUpstream(t, () => answer('ok', 'Connection: close\r\n'));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 5; i++) assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
    assert.equal(upstream.sockets.length, 5);
    await until(() => upstream.open() === 0);
  });

  it('serve `requests` requests each', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port, 'keepalive_pool: {requests: 3}'));
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 9; i++) await client.send(get('/')).response();
    assert.deepEqual([0, 1, 2].map((c) => upstream.requests.filter((r) => r.connection === c).length), [3, 3, 3]);
  });

  it('stay open for `idle_timeout` without a request', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port, 'keepalive_pool: {idle_timeout: 0.2}'));
    await ask(gateway.port, get('/'));
    const started = performance.now();
    await until(() => upstream.open() === 0);
    assert.ok(performance.now() - started > 100);
  });

  it('of which `size` are kept idle', async (t) => {
    let release = (): void => {};
    const all = new Promise<void>((resolve) => (release = resolve));
    const upstream = await startUpstream(t, (_request, socket) => void all.then(() => socket.write(answer())));
    const gateway = await startGateway(t, openTo(upstream.port, 'keepalive_pool: {size: 2}'));
    const answers = Array.from({ length: 6 }, () => ask(gateway.port, get('/')));
    await until(() => upstream.requests.length === 6);
    release();
    await Promise.all(answers);
    await until(() => upstream.open() === 2);
  });

  it('are shared by upstreams that connect to the same place', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, `
routes:
  - {id: a, uri: /a, upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}
  - {id: b, uri: /b, upstream: {nodes: [{host: 127.0.0.1, port: ${upstream.port}, weight: 3}]}}`);
    await ask(gateway.port, get('/a'));
    await ask(gateway.port, get('/b'));
    assert.equal(upstream.sockets.length, 1);
  });
});

describe('a kept connection that the upstream closes', () => {
  for (const how of ['FIN', 'RST'] as const) {
    // every second request of a connection meets its end
    const dying = (): Script => {
      const served: number[] = [];
      return ({ connection }, socket) => {
        served[connection] = (served[connection] ?? 0) + 1;
        if (served[connection] === 1) return answer();
        if (how === 'FIN') socket.end();
        else socket.resetAndDestroy();
        return undefined;
      };
    };

    it(`by ${how} costs no GET`, async (t) => {
      const upstream = await startUpstream(t, dying());
      const gateway = await startGateway(t, openTo(upstream.port));
      const client = await connect(t, gateway.port);
      for (let i = 0; i < 50; i++) assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
    });

    for (const [name, request] of [['a POST', post()], ['an empty POST', post('/', '')], ['a POST without framing', get('/', '', 'POST')], ['a PATCH', get('/', '', 'PATCH')]] as const) {
      it(`by ${how} never makes ${name} arrive twice`, async (t) => {
        const upstream = await startUpstream(t, dying());
        const gateway = await startGateway(t, openTo(upstream.port));
        const client = await connect(t, gateway.port);
        const statuses: number[] = [];
        for (let i = 0; i < 20; i++) statuses.push(statusOf((await client.send(request).response()) ?? assert.fail('cut')));
        assert.equal(upstream.requests.length, 20);
        assert.deepEqual([...new Set(statuses)].sort(), [200, 502]);
      });
    }
  }

  it('within an answer is not tried again', async (t) => {
    const upstream = await startUpstream(t, ({ target }, socket) => {
      if (target === '/1') return answer();
      socket.end('HTTP/1.1 200 OK\r\nX');
      return undefined;
    });
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    assert.equal(statusOf((await client.send(get('/1')).response()) ?? assert.fail('cut')), 200);
    assert.equal(statusOf((await client.send(get('/2')).response()) ?? assert.fail('cut')), 502);
    assert.equal(upstream.requests.length, 2);
  });

  it('between two requests costs nothing, whatever the method', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => void socket.end(answer()));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 20; i++) {
      assert.equal(statusOf((await client.send(post()).response()) ?? assert.fail('cut')), 200);
      await until(() => upstream.open() === 0);
    }
  });

  it('for every GET is a 502, after one more try', async (t) => {
    let first = true;
    const upstream = await startUpstream(t, (_request, socket) => {
      if (first) {
        first = false;
        return answer();
      }
      socket.destroy();
      return undefined;
    });
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    await client.send(get('/')).response();
    assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 502);
    assert.equal(upstream.requests.length, 3);
  });
});

describe('an upstream that cannot be reached', () => {
  it('is a 502', async (t) => {
    let close = (): unknown => undefined;
    const gone = await startHostile({ after: (then) => void (close = then) }, () => {});
    close();
    const gateway = await startGateway(t, openTo(gone.port));
    const client = await connect(t, gateway.port);
    for (const request of [get('/'), post(), get('/', 'Expect: 100-continue\r\nContent-Length: 3\r\n', 'PUT')]) {
      assert.equal(statusOf((await client.send(request).response()) ?? assert.fail('cut')), 502);
    }
  });

  it('whose name does not resolve is a 502 or 503', async (t) => {
    const gateway = await startGateway(t, openTo(1).replace('127.0.0.1:1', 'nowhere.invalid:80'));
    assert.match((await ask(gateway.port, get('/')))?.start ?? '', /50[23]/);
  });

  it('has no nodes: 503', async (t) => {
    const gateway = await startGateway(t, 'routes: [{id: a, uri: /*, upstream: {nodes: {}}}, {id: b, uri: /b, plugins: {}}]');
    assert.match((await ask(gateway.port, get('/')))?.start ?? '', / 503 /);
    assert.match((await ask(gateway.port, get('/b')))?.start ?? '', / 503 /);
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 3; i++) assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 503);
  });
});
