import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { keyAuth } from '../../src/plugins/key-auth.js';
import { plugin, type Exchange } from '../../src/plugins/plugin.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { startUpstream, type RawUpstream } from '../support/upstream.js';

/** Plugins whose answers tell that they ran, where they are written, and with what. */
const mark = (name: string, priority: number) => plugin({
  name, priority,
  schema: { type: 'object', properties: { as: { type: 'string', default: '-' } }, additionalProperties: false } as const,
  compile({ as }, { owner }) {
    const ran = (phase: string) => (x: Exchange): undefined => void trail(x).push(`${phase} ${name} ${as} of ${owner}`);
    return { rewrite: ran('rewrite'), access: ran('access'), headerFilter: (x, head) => void head.headers.push(...trail(x).splice(0).flatMap((step) => ['X-Ran', step]), 'X-Ran', `filter ${name} ${as} of ${owner}`) };
  },
});

const trails = new WeakMap<Exchange, string[]>();
function trail(x: Exchange): string[] {
  const known = trails.get(x) ?? [];
  trails.set(x, known);
  return known;
}

/** Answers by itself. */
const stop = plugin({
  name: 'stop', priority: 5,
  schema: { type: 'object', properties: { status: { type: 'integer', default: 418 } }, additionalProperties: false } as const,
  compile: ({ status }) => ({ access: () => ({ status, body: { stopped: true } }) }),
});

const PLUGINS = [keyAuth, mark('a', 20), mark('b', 10), stop];

interface Setup {
  readonly upstream: RawUpstream;
  send(path: string, headers?: string): Promise<Message>;
  swap(yaml: string): void;
}

async function start(t: TestContext, yaml: (port: number) => string): Promise<Setup> {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, yaml(upstream.port), PLUGINS);
  return { upstream, swap: (text) => gateway.swap(text), send: async (path, headers = '') => (await ask(gateway.port, get(path, headers))) ?? assert.fail('cut') };
}

const ran = (message: Message): readonly string[] => values(message, 'x-ran');
const at = (port: number): string => `upstream: {nodes: {"127.0.0.1:${port}": 1}}`;

describe('a service', () => {
  it('lends its routes plugins, upstream and hosts, and what a route says itself goes before', async (t) => {
    const { send } = await start(t, (port) => `
services:
  - {id: 1, ${at(port)}, hosts: [test.local], plugins: {a: {as: service}, b: {as: service}}}
  - {id: 2, ${at(port)}, hosts: [other.local]}
routes:
  - {id: x, uri: /x, service_id: "1", plugins: {b: {as: route}}}
  - {id: y, uri: /y, service_id: 2}
  - {id: z, uri: /z, service_id: 2, host: test.local, upstream: {nodes: {}}}`);
    assert.deepEqual(ran(await send('/x')), ['rewrite a service of service/1', 'rewrite b route of route/x', 'access a service of service/1', 'access b route of route/x', 'filter a service of service/1', 'filter b route of route/x']);
    assert.equal(statusOf(await send('/y')), 404, 'hosts of the service');
    assert.equal(statusOf(await send('/z')), 503, 'a host of its own, and an upstream without nodes');
  });
});

describe('plugins of one name', () => {
  it('go by consumer, consumer group, route, plugin config and service, each whole', async (t) => {
    const key = (name: string): string => `plugins: {key-auth: {key: ${name}}`;
    const { send } = await start(t, (port) => `
services: [{id: s, ${at(port)}, plugins: {b: {as: service}, a: {as: service}, key-auth: {}}}]
plugin_configs: [{id: p, plugins: {b: {as: set}}}]
consumer_groups: [{id: g, plugins: {b: {as: group}}}]
consumers:
  - {username: plain, ${key('plain')}}}
  - {username: member, group_id: g, ${key('member')}}}
  - {username: own, group_id: g, ${key('own')}, b: {as: own}}}
routes:
  - {id: s, uri: /s, service_id: s}
  - {id: p, uri: /p, service_id: s, plugin_config_id: p}
  - {id: r, uri: /r, service_id: s, plugin_config_id: p, plugins: {b: {}}}`);
    const accessed = async (path: string, who: string): Promise<string | undefined> => ran(await send(path, `apikey: ${who}\r\n`)).find((step) => step.startsWith('access b'));
    assert.deepEqual([await accessed('/s', 'plain'), await accessed('/p', 'plain'), await accessed('/r', 'plain')], ['access b service of service/s', 'access b set of plugin_config/p', 'access b - of route/r']);
    for (const path of ['/s', '/p', '/r']) assert.deepEqual([await accessed(path, 'member'), await accessed(path, 'own')], ['access b group of consumer_group/g', 'access b own of consumer/own']);
  });

  it('hide what is below them also when they are switched off', async (t) => {
    const { send } = await start(t, (port) => `
services: [{id: s, ${at(port)}, plugins: {a: {}, key-auth: {}}}]
routes: [{id: r, uri: /r, service_id: s, plugins: {a: {_meta: {disable: true}}, key-auth: {_meta: {disable: true}}}}]`);
    const message = await send('/r');
    assert.deepEqual([statusOf(message), ran(message)], [200, []]);
  });
});

describe('plugins of a consumer', () => {
  it('rewrite when the route has none of their name, and act from access on when they replace one', async (t) => {
    const { send } = await start(t, (port) => `
consumers: [{username: tom, plugins: {key-auth: {key: tom}, a: {as: tom}}}, {username: ann, plugins: {key-auth: {key: ann}}}]
routes:
  - {id: with, uri: /with, ${at(port)}, plugins: {key-auth: {}, a: {as: route}}}
  - {id: without, uri: /without, ${at(port)}, plugins: {key-auth: {}}}
  - {id: off, uri: /off, ${at(port)}, plugins: {key-auth: {}, a: {_meta: {disable: true}}}}`);
    // in either order, again and again: one request decides nothing for the next
    for (const _ of [1, 2]) {
      assert.deepEqual(ran(await send('/with', 'apikey: tom\r\n')), ['rewrite a route of route/with', 'access a tom of consumer/tom', 'filter a tom of consumer/tom']);
      for (const path of ['/without', '/off']) assert.deepEqual(ran(await send(path, 'apikey: tom\r\n')), ['rewrite a tom of consumer/tom', 'access a tom of consumer/tom', 'filter a tom of consumer/tom']);
      assert.deepEqual(ran(await send('/without', 'apikey: ann\r\n')), []);
      assert.deepEqual(ran(await send('/with', 'apikey: ann\r\n')), ['rewrite a route of route/with', 'access a route of route/with', 'filter a route of route/with']);
    }
  });

  it('switch a plugin of the route off for this consumer alone', async (t) => {
    const { send } = await start(t, (port) => `
consumers: [{username: tom, plugins: {key-auth: {key: tom}, stop: {_meta: {disable: true}}}}, {username: ann, plugins: {key-auth: {key: ann}}}]
routes: [{id: r, uri: /r, ${at(port)}, plugins: {key-auth: {}, stop: {}}}]`);
    assert.deepEqual([statusOf(await send('/r', 'apikey: tom\r\n')), statusOf(await send('/r', 'apikey: ann\r\n'))], [200, 418]);
  });

  it('are those of the anonymous consumer, too', async (t) => {
    const { send } = await start(t, (port) => `
consumers: [{username: guest, plugins: {stop: {status: 429}}}]
routes: [{id: r, uri: /r, ${at(port)}, plugins: {key-auth: {anonymous_consumer: guest}}}]`);
    assert.equal(statusOf(await send('/r')), 429);
  });
});

describe('global rules', () => {
  it('run before the plugins of the route in each phase, whatever their priority', async (t) => {
    const { send } = await start(t, (port) => `
global_rules: [{id: 1, plugins: {b: {}}}]
routes: [{id: r, uri: /r, ${at(port)}, plugins: {a: {}, b: {as: route}}}]`);
    assert.deepEqual(ran(await send('/r')), [
      'rewrite b - of global_rule/1', 'rewrite a - of route/r', 'rewrite b route of route/r', 'access b - of global_rule/1', 'access a - of route/r', 'access b route of route/r',
      'filter b - of global_rule/1', 'filter a - of route/r', 'filter b route of route/r',
    ]);
  });

  it('run where no route takes the request, and may answer there', async (t) => {
    const { send, swap } = await start(t, () => 'global_rules: [{id: 1, plugins: {b: {}}}]\nroutes: []');
    const nowhere = await send('/nowhere');
    assert.deepEqual([statusOf(nowhere), nowhere.body, ran(nowhere)], [404, '{"error_msg":"404 Route Not Found"}\n', ['rewrite b - of global_rule/1', 'access b - of global_rule/1', 'filter b - of global_rule/1']]);
    swap('global_rules: [{id: 1, plugins: {key-auth: {}}}]\nconsumers: [{username: tom, plugins: {key-auth: {key: tom}}}]');
    assert.deepEqual([statusOf(await send('/nowhere')), statusOf(await send('/nowhere', 'apikey: tom\r\n'))], [401, 404]);
  });

  it('authenticate on every route', async (t) => {
    const { send, upstream } = await start(t, (port) => `
global_rules: [{id: 1, plugins: {key-auth: {}}}]
consumers: [{username: tom, plugins: {key-auth: {key: tom}, b: {as: tom}}}]
routes: [{id: r, uri: /r, ${at(port)}}]`);
    assert.deepEqual([statusOf(await send('/r')), upstream.requests.length], [401, 0]);
    assert.deepEqual(ran(await send('/r', 'apikey: tom\r\n')), ['rewrite b tom of consumer/tom', 'access b tom of consumer/tom', 'filter b tom of consumer/tom']);
  });
});

describe('the gateway\'s own replies', () => {
  it('pass the header filters of the plugins, be they refusals or failures of an upstream', async (t) => {
    const { send } = await start(t, () => `
routes:
  - {id: guarded, uri: /guarded, upstream: {nodes: {"127.0.0.1:1": 1}}, plugins: {key-auth: {}, b: {}}}
  - {id: dead, uri: /dead, upstream: {nodes: {"127.0.0.1:1": 1}}, plugins: {b: {}}}`);
    const refused = await send('/guarded');
    assert.deepEqual([statusOf(refused), ran(refused), values(refused, 'www-authenticate')], [401, ['filter b - of route/guarded'], ['apikey realm="key"']]);
    const dead = await send('/dead');
    assert.deepEqual([statusOf(dead), ran(dead).at(-1)], [502, 'filter b - of route/dead']);
  });

  it('are a bare 500 when a header filter fails', async (t) => {
    const bad = plugin({ name: 'bad', priority: 1, schema: { type: 'object' } as const, compile: () => ({ headerFilter: () => { throw new Error('a bug'); } }) });
    const gateway = await startGateway(t, 'routes: [{id: r, uri: /r, plugins: {stop: {}, bad: {}}}]', [stop, bad]);
    gateway.expectedErrors = 1;
    assert.equal(statusOf((await ask(gateway.port, get('/r'))) ?? assert.fail('cut')), 500);
  });
});
