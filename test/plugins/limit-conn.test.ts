import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { until } from '../support/client.js';
import { startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

/** A gateway with one limit, and an upstream which answers when it is told to. */
async function limited(t: TestContext, options: string) {
  const held: Socket[] = [];
  const upstream = await startUpstream(t, (_, socket) => void held.push(socket));
  const file = (own: string): string => `routes: [{id: r, uri: /*, upstream_id: up, plugins: {limit-conn: ${own}}}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`;
  const gateway = await startGateway(t, file(options));
  /** Sends a request, and lets it stay. */
  const stay = async (headers = ''): Promise<{ status(): Promise<number> }> => {
    const before = upstream.requests.length;
    const status = ask(gateway.port, get('/', headers)).then((message) => (message ? statusOf(message) : 0));
    await until(() => upstream.requests.length > before, 'it is there');
    return { status: () => status };
  };
  return {
    gateway, upstream, held,
    stay,
    status: async (headers = '') => {
      const message = await ask(gateway.port, get('/', headers));
      return message && statusOf(message);
    },
    release: () => { for (const socket of held.splice(0)) socket.write(answer()); },
    swap: (own: string) => gateway.swap(file(own)),
  };
}

suite('limit-conn', () => {
  test('lets so many requests be there at the same time, and others when they are over', async (t) => {
    const { stay, status, release } = await limited(t, '{conn: 2, burst: 0, default_conn_delay: 0.1, key: remote_addr}');
    const first = await stay();
    const second = await stay();
    assert.equal(await status(), 503);
    assert.equal(await status(), 503, 'a refused one is not there');
    release();
    assert.deepEqual([await first.status(), await second.status()], [200, 200]);
    const third = await stay();
    release();
    assert.equal(await third.status(), 200);
  });

  test('does not count those whose clients have left', async (t) => {
    const { gateway, upstream, status, stay, release } = await limited(t, '{conn: 1, burst: 0, default_conn_delay: 0.1, key: remote_addr, rejected_code: 429, rejected_msg: full}');
    const leaving = new AbortController();
    const left = fetch(`http://127.0.0.1:${gateway.port}/`, { signal: leaving.signal }).catch(() => 'left');
    await until(() => upstream.requests.length === 1, 'it is there');
    assert.equal(await status(), 429);
    leaving.abort();
    assert.equal(await left, 'left');
    await until(() => gateway.gateway.table.inFlight === 0, 'it is over');
    const next = await stay();
    release();
    assert.equal(await next.status(), 200);
  });

  test('lets those wait that are too many, for as long as requests take', async (t) => {
    const { stay, release } = await limited(t, '{conn: 1, burst: 1, default_conn_delay: 0.15, key: remote_addr, only_use_default_delay: true}');
    await stay();
    const began = performance.now();
    const second = await stay();
    assert.ok(performance.now() - began >= 140);
    release();
    assert.equal(await second.status(), 200);
  });

  test('counts each caller by itself, and takes its numbers from variables', async (t) => {
    const { stay, status, release } = await limited(t, '{conn: "${http_conn ?? 1}", burst: 0, default_conn_delay: 0.1, key: http_a}');
    await stay('a: 1\r\n');
    assert.equal(await status('a: 1\r\n'), 503);
    await stay('a: 2\r\n');
    await stay('a: 1\r\nconn: 2\r\n');
    for (const conn of ['0', '-1', '1.5', 'x']) assert.equal(await status(`a: 3\r\nconn: ${conn}\r\n`), 500);
    release();
  });

  test('each rule that concerns a request must let it pass', async (t) => {
    const { stay, status, release } = await limited(t, '{default_conn_delay: 0.1, rules: [{conn: 1, burst: 0, key: $http_a}, {conn: 2, burst: 0, key: $http_b}]}');
    const first = await stay('a: 1\r\nb: 1\r\n');
    assert.equal(await status('a: 1\r\nb: 1\r\n'), 503);
    await stay('b: 1\r\n');
    assert.equal(await status('a: 2\r\nb: 1\r\n'), 503);
    assert.equal(await status(), 500);
    release();
    assert.equal(await first.status(), 200);
    const again = await stay('a: 2\r\nb: 1\r\n');
    release();
    assert.equal(await again.status(), 200, 'what an earlier rule had counted is over with the refusal of a later one');
  });

  test('knows after a reload who is there', async (t) => {
    const { stay, status, release, swap } = await limited(t, '{conn: 1, burst: 0, default_conn_delay: 0.1, key: remote_addr}');
    await stay();
    swap('{conn: 1, burst: 0, default_conn_delay: 0.1, key: remote_addr, rejected_code: 429}');
    assert.equal(await status(), 429);
    release();
    const next = await stay();
    assert.equal(await status(), 429);
    release();
    assert.equal(await next.status(), 200);
  });
});
