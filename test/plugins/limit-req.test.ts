import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { limitReqWith } from '../../src/plugins/limit-req.js';
import { until } from '../support/client.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, type Message } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

/** A gateway with one limit, whose clock a test sets. */
async function limited(t: TestContext, options: string) {
  const upstream = await startUpstream(t);
  const time = { now: 5000 };
  const plugins = PLUGINS.map((plugin) => (plugin.name === 'limit-req' ? limitReqWith({ now: () => time.now }) : plugin));
  const gateway = await startGateway(t, `routes: [{id: r, uri: /*, upstream_id: up, plugins: {limit-req: ${options}}}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`, plugins);
  const send = async (headers = ''): Promise<Message> => {
    const answer = await ask(gateway.port, get('/', headers));
    assert.ok(answer);
    return answer;
  };
  const statuses = async (times: number, headers?: string): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push(statusOf(await send(headers)));
    return all;
  };
  return { gateway, upstream, send, statuses, pass: (milliseconds: number) => { time.now += milliseconds; } };
}

suite('limit-req', () => {
  test('lets requests pass at a rate, with so many ahead of it', async (t) => {
    const { statuses, pass } = await limited(t, '{rate: 2, burst: 3, key: remote_addr, nodelay: true}');
    assert.deepEqual(await statuses(6), [200, 200, 200, 200, 503, 503]);
    pass(1000);
    assert.deepEqual(await statuses(3), [200, 200, 503]);
    pass(60_000);
    assert.deepEqual(await statuses(5), [200, 200, 200, 200, 503]);
  });

  test('holds a request back until its turn', async (t) => {
    const { statuses, send } = await limited(t, '{rate: 20, burst: 3, key: remote_addr}');
    assert.deepEqual(await statuses(1), [200]);
    const began = performance.now();
    assert.equal(statusOf(await send()), 200);
    assert.ok(performance.now() - began >= 45);
  });

  test('waits for no client that has left', async (t) => {
    const { gateway, upstream, send } = await limited(t, '{rate: 0.01, burst: 3, key: remote_addr}');
    await send();
    const leaving = new AbortController();
    const waiting = fetch(`http://127.0.0.1:${gateway.port}/`, { signal: leaving.signal }).catch(() => 'left');
    await until(() => gateway.gateway.table.inFlight === 1, 'it waits');
    leaving.abort();
    assert.equal(await waiting, 'left');
    await until(() => gateway.gateway.table.inFlight === 0, 'it is over');
    assert.equal(upstream.requests.length, 1);
  });

  test('refuses with the status and the words that its options name, each caller by itself', async (t) => {
    const { statuses, send } = await limited(t, '{rate: 1, burst: 0, key: $http_a $http_b, key_type: var_combination, rejected_code: 429, rejected_msg: slow down}');
    assert.deepEqual(await statuses(2, 'a: 1\r\n'), [200, 429]);
    assert.deepEqual(await statuses(2, 'a: 2\r\n'), [200, 429]);
    assert.deepEqual(await statuses(2), [200, 429]);
    assert.equal((await send()).body, '{"error_msg":"slow down"}\n');
  });
});
