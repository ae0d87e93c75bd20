import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { sourceOf, type Source } from '../../src/config/source.js';
import { createExplain, type Question } from '../../src/explain/explain.js';
import { createLoader } from '../../src/load.js';
import type { Exchange } from '../../src/proxy/exchange.js';
import { Gateway } from '../../src/proxy/gateway.js';
import { createServer } from '../../src/proxy/server.js';
import { Store } from '../../src/state/store.js';
import { ALL } from './support.js';

/** What an upstream received, in a header of its answer. */
const upstream = http.createServer((req, res) => res.setHeader('X-Seen', JSON.stringify([req.method, req.url, req.headers['x-consumer-username'] ?? null, req.headers['apikey'] ?? null])).end('from the upstream'));
await once(upstream.listen(0, '127.0.0.1'), 'listening');
const { port } = upstream.address() as AddressInfo;

/** A gateway that serves one configuration after the other. */
const store = new Store();
const load = createLoader(ALL, {});
const loaded = (source: Source) => load(source, store, 1).value?.table;
const empty = loaded(sourceFrom({ routes: [] }));
assert.ok(empty);
let met: Exchange | undefined;
const gateway = new Gateway(empty, () => {}, (req, res) => res.once('close', () => { met = req.exchange; }));
const server = createServer(gateway);
await once(server.listen(0, '127.0.0.1'), 'listening');

after(() => {
  for (const one of [server, upstream]) {
    one.close();
    one.closeAllConnections();
  }
  gateway.swap(loaded(sourceFrom({ routes: [] })) ?? empty);
});

const explain = createExplain(ALL, {});

test('what is explained is what happens, for any request to any configuration', async () => {
  await fc.assert(fc.asyncProperty(CONFIG, fc.array(QUESTION, { minLength: 6, maxLength: 6 }), async (config, questions) => {
    const source = sourceFrom(config);
    const table = loaded(source);
    assert.ok(table, JSON.stringify(load(source, new Store(), 1).diagnostics.map(({ message }) => message)));
    gateway.swap(table);
    for (const question of questions) assert.deepEqual(await told(question, source), await happened(question), JSON.stringify(question));
  }), { numRuns: 60 });
});

test('the first of the other routes that fit is the one that is met once the route is gone', async () => {
  await fc.assert(fc.asyncProperty(CONFIG, fc.array(QUESTION, { minLength: 4, maxLength: 4 }), async (config, questions) => {
    for (const question of questions) {
      const { value } = await explain(question, sourceFrom(config));
      assert.ok(value);
      if (!value.route) continue;
      const next = value.others.find(({ because }) => because.startsWith('it fits as well'));
      const without = await explain(question, sourceFrom({ ...config, routes: config.routes.filter(({ id }) => id !== value.route?.id) }));
      assert.equal(without.value?.route?.id, next?.route, JSON.stringify(question));
    }
  }), { numRuns: 60 });
});

interface Happening {
  readonly route: string | undefined;
  readonly consumer: string | undefined;
  /** Of the gateway's own answer; undefined where the upstream answers. */
  readonly answer: readonly [number | undefined, string] | undefined;
  /** Method, target, consumer and key, as the upstream sees them. */
  readonly seen: unknown;
}

async function told(question: Question, source: Source): Promise<Happening> {
  const { value } = await explain(question, source);
  assert.ok(value);
  const { route, consumer, answer, upstream: { sent } = {} } = value;
  const header = (name: string): string | null => sent?.headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? null;
  return {
    route: route?.id, consumer, answer: answer.status === undefined ? undefined : [answer.status, answer.body ?? ''],
    seen: sent && [sent.method, sent.target, header('x-consumer-username'), header('apikey')],
  };
}

async function happened({ method, url, headers }: Question): Promise<Happening> {
  const [, host = '', path = ''] = /^http:\/\/([^/]*)(.*)$/.exec(url) ?? [];
  const lines = Object.entries(headers).flatMap(([name, values]) => values.flatMap((value) => [name, value]));
  const req = http.request({ port: (server.address() as AddressInfo).port, method, path, agent: false, setHost: false, headers: ['Host', host, ...lines] as never }).end();
  const [res] = await once(req, 'response') as [http.IncomingMessage];
  const body = await text(res);
  if (!req.destroyed) await once(req, 'close');
  const seen = res.headers['x-seen'];
  const shown = typeof seen === 'string' ? (JSON.parse(seen) as (string | null)[]).map((value) => value && value.replaceAll(/key-of-\w+|wrong/g, '********')) : undefined;
  const refused = res.statusCode === 400;
  return { route: refused ? undefined : met?.route?.id, consumer: refused ? undefined : met?.consumer?.username, answer: shown ? undefined : [res.statusCode, body], seen: shown };
}

function sourceFrom(config: object): Source {
  const { value } = sourceOf('config.yaml', Buffer.from(JSON.stringify(config)));
  assert.ok(value);
  return value;
}

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });
const meta = fc.constantFrom({}, {}, {}, { _meta: { disable: true } }, { _meta: { priority: 3000 } });
const PLUGINS = fc.record({
  'key-auth': some(fc.tuple(meta, fc.constantFrom({}, { hide_credentials: true }, { anonymous_consumer: 'nobody' })).map(([m, options]) => ({ ...m, ...options }))),
  teapot: some(fc.tuple(meta, fc.constantFrom({}, { when: 'apikey' })).map(([m, options]) => ({ ...m, ...options }))),
  marker: some(fc.tuple(meta, fc.constantFrom({}, { when: 'apikey' })).map(([m, options]) => ({ ...m, ...options }))),
});
const NO_AUTH = PLUGINS.map(({ 'key-auth': _, ...others }) => others);

const ROUTE = fc.record({
  uri: fc.constantFrom('/a', '/a/*', '/*', '/a/b', '/a/*/c', '/b', '/a/:name', '/a/*name'),
  host: some(fc.constantFrom('x.test', '*.test', '*.x.test')),
  methods: some(fc.constantFrom(['GET'], ['POST', 'PUT'], [])),
  priority: some(fc.integer({ min: -1, max: 1 })),
  remote_addr: some(fc.constantFrom('127.0.0.0/8', '10.0.0.1')),
  vars: some(fc.constantFrom([['http_x_teapot', '==', '1']], [['arg_apikey', '~=', 'wrong']], [['uri', '~~', 'b$']], [['uri_param_name', '==', 'b']])),
  status: some(fc.constantFrom(0, 1)),
  plugins: some(PLUGINS),
  service_id: some(fc.constantFrom('s', 't')),
  plugin_config_id: some(fc.constant('p')),
});

const NODES = { nodes: { [`127.0.0.1:${port}`]: 1 } };
const CONFIG = fc.record({
  gateway: fc.record({ router: fc.constantFrom('radixtree_host_uri', 'radixtree_uri', 'radixtree_uri_with_parameter') }),
  routes: fc.array(ROUTE, { minLength: 1, maxLength: 6 }).map((routes) => routes.map((route, i) => ({ id: `r${i}`, ...route, ...(route.service_id === 's' ? {} : { upstream_id: 'up' }) }))),
  services: fc.tuple(PLUGINS, PLUGINS).map(([s, t]) => [{ id: 's', upstream: NODES, plugins: s }, { id: 't', hosts: ['y.test'], plugins: t }]),
  plugin_configs: PLUGINS.map((plugins) => [{ id: 'p', plugins }]),
  consumer_groups: NO_AUTH.map((plugins) => [{ id: 'g', plugins }]),
  global_rules: fc.option(PLUGINS, { nil: undefined, freq: 3 }).map((plugins) => (plugins ? [{ id: 'all', plugins }] : [])),
  consumers: fc.tuple(NO_AUTH, NO_AUTH).map(([tom, ann]) => [
    { username: 'tom', plugins: { 'key-auth': { key: 'key-of-tom' }, ...tom } },
    { username: 'ann', group_id: 'g', plugins: { 'key-auth': { key: 'key-of-ann' }, ...ann } }, { username: 'nobody', plugins: {} },
  ]),
  upstreams: fc.constant([{ id: 'up', ...NODES }]),
});

const KEY = fc.constantFrom(undefined, 'key-of-tom', 'key-of-ann', 'wrong');
const QUESTION: fc.Arbitrary<Question> = fc.tuple(
  fc.constantFrom('GET', 'POST', 'PUT', 'TRACE'),
  fc.constantFrom('x.test', 'www.x.test', 'Y.test', 'other', 'x.test:80', 'a..b'),
  fc.constantFrom('/a', '/a/', '/a/b', '/a/x/c', '/b', '/c', '/a/../b', '/a/%2e%2e/b', '/../a', '/b;x=1', '/a%2fb', '/a//b', '/%61', '/a%252e'),
  KEY, KEY, fc.boolean(),
).map(([method, host, path, inHeader, inQuery, tea]) => ({
  method, url: `http://${host}${path}${inQuery === undefined ? '' : `?apikey=${inQuery}`}`, from: '127.0.0.1', body: undefined,
  headers: { ...(inHeader !== undefined && { apikey: [inHeader] }), ...(tea && { 'X-Teapot': ['1'] }) },
}));
