import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plugin, type Handlers } from '../../src/plugins/plugin.js';
import { connect, get, until } from '../support/raw.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { startUpstream } from '../support/upstream.js';

const named = (name: string, priority: number, handlers: Handlers) => plugin({ name, priority, schema: { type: 'object', properties: {}, additionalProperties: false } as const, compile: () => handlers });

const yaml = (port: number, names: string): string => `routes: [{id: p, uri: /p, plugins: {${names}}, upstream: {nodes: {"127.0.0.1:${port}": 1}}}, {id: q, uri: /q, upstream: {nodes: {"127.0.0.1:${port}": 1}}}]`;
const bug = (): never => {
  throw new Error('a bug');
};

describe('a plugin that fails', () => {
  for (const [phase, handlers, reaches] of [
    ['rewrite', { rewrite: bug }, 0], ['access', { access: bug }, 0], ['access, later', { access: () => Promise.reject(new Error('a bug')) }, 0],
    ['headerFilter', { headerFilter: bug }, 1], ['headerFilter, by a header that none can be', { headerFilter: (_x, head) => void head.headers.push('X y', 'a\nb') }, 1],
  ] as const satisfies readonly (readonly [string, Handlers, number])[]) {
    it(`in ${phase} is a 500, told of, and the connection lives on`, async (t) => {
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, yaml(upstream.port, 'bad: {}'), [named('bad', 1, handlers)]);
      gateway.expectedErrors = 1;
      const client = await connect(t, gateway.port);
      const message = (await client.send(get('/p')).response()) ?? assert.fail('cut');
      assert.equal(statusOf(message), 500);
      assert.doesNotMatch(message.body, /a bug/);
      assert.equal(upstream.requests.length, reaches);
      assert.equal(gateway.gateway.errors, 1);
      assert.equal(statusOf((await client.send(get('/q')).response()) ?? assert.fail('cut')), 200);
    });
  }
});

describe('plugins', () => {
  it('run phase by phase, the higher priority first, and may answer later', async (t) => {
    const order: string[] = [];
    const note = (name: string): Handlers => ({
      rewrite: () => void order.push(`rewrite ${name}`),
      access: async () => void order.push(`access ${name}`),
      headerFilter: (_x, head) => void head.headers.push('X-Filter', name),
    });
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, yaml(upstream.port, 'low: {}, high: {}'), [named('low', 1, note('low')), named('high', 2, note('high'))]);
    const client = await connect(t, gateway.port);
    const message = (await client.send(get('/p')).response()) ?? assert.fail('cut');
    assert.deepEqual(order, ['rewrite high', 'rewrite low', 'access high', 'access low']);
    assert.deepEqual(values(message, 'x-filter'), ['high', 'low']);
  });

  it('end a request by a reply', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, yaml(upstream.port, 'stop: {}'), [named('stop', 1, { access: () => ({ status: 418, body: { message: 'tea' }, headers: ['X-A', '1', 'X-A', '2'] }) })]);
    const client = await connect(t, gateway.port);
    const message = (await client.send(get('/p')).response()) ?? assert.fail('cut');
    assert.deepEqual([statusOf(message), message.body, values(message, 'x-a'), values(message, 'content-type')], [418, '{"message":"tea"}\n', ['1', '2'], ['text/plain; charset=utf-8']]);
    assert.equal(upstream.requests.length, 0);
  });

  it('that answer after the client has left send nothing on', async (t) => {
    let go: (() => void) | undefined;
    const slow = named('slow', 1, { access: () => new Promise((resolve) => (go = () => resolve(undefined))) });
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, yaml(upstream.port, 'slow: {}'), [slow]);
    const client = (await connect(t, gateway.port)).send(get('/p'));
    await until(() => go !== undefined);
    client.socket.resetAndDestroy();
    await until(() => gateway.gateway.table.inFlight === 0);
    go?.();
    const next = await connect(t, gateway.port);
    assert.equal(statusOf((await next.send(get('/q')).response()) ?? assert.fail('cut')), 200);
    assert.deepEqual(upstream.requests.map((r) => r.target), ['/q']);
  });
});
