import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { describe, it } from 'node:test';
import { inJson, inWords } from '../../src/cli/diff-report.js';
import { sourceOf } from '../../src/config/source.js';
import { PLAIN } from '../../src/diagnostics/draw.js';
import { diff, type Change } from '../../src/diff/diff.js';
import { createPath } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import type { Config } from '../../src/schema/file.js';
import { largeFile } from '../support/large-file.js';

const { read } = createPath(PLUGINS, {});

/** As it is checked, without what links its parts: a mutation may well leave a reference without its end. */
function configOf(content: unknown): Config | undefined {
  const source = sourceOf('gateway.yaml', Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));
  return source.value && read(source.value).value?.config;
}

function known(content: unknown): Config {
  const config = configOf(content);
  assert.ok(config, 'the configuration is refused');
  return config;
}

/** No part of it may be told. */
const PARTS = /Zq9|hush|XyW7/;
const SECRET = 'Zq9-hush_XyW7';
const PEM = `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`;

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

type Random = (below: number) => number;

/** The same numbers for the same seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % below;
  };
}

/** A configuration with each kind of resource, some of them, and secrets wherever they may stand. */
function generated(seed: number): Readonly<Record<string, unknown>> {
  const random = randomOf(seed);
  const some = <T>(most: number, make: (i: number) => T): T[] => Array.from({ length: 1 + random(most) }, (_, i) => make(i));
  const nodes = (): unknown => (random(2) === 0 ? { 'a:80': 1, 'b:80': 1 + random(5) } : some(3, (i) => ({ host: `h${i}`, port: 80, weight: 1 + random(3), priority: random(2) })));
  const guard = (): object => ({ 'key-auth': { header: 'x-key', realm: `r${random(3)}`, hide_credentials: random(2) === 0, _meta: { priority: 1 + random(9), filter: [['http_authorization', '==', SECRET], ['arg_a', '==', 'b']] } } });
  const off = (): object => ({ 'key-auth': { key: SECRET, [SECRET]: 1, _meta: { disable: true } } });
  return {
    gateway: { listen: ['127.0.0.1:9080', { address: '0.0.0.0:9443', tls: true }], admin: { listen: '127.0.0.1:9180' }, trusted_proxies: ['10.0.0.0/8', '::1'], drain_timeout: 1 + random(60), access_log: true, client_timeouts: {} },
    routes: some(4, (i) => ({ id: `r${i}`, uris: [`/r${i}/*`, '/x'], methods: ['GET', 'PUT'], hosts: ['a.example'], priority: random(4), status: 1, labels: { team: 'a', api_key: SECRET }, timeout: { connect: 1, send: 2, read: 3 }, service_id: 's0', plugin_config_id: 'p0', plugins: random(2) === 0 ? guard() : off() })),
    services: some(3, (i) => ({ id: `s${i}`, hosts: ['b.example'], enable_websocket: true, upstream: { nodes: nodes(), retries: 2, pass_host: 'node', key: SECRET, type: 'chash' }, plugins: guard() })),
    upstreams: some(3, (i) => ({ id: `u${i}`, nodes: nodes(), scheme: 'https', tls: { verify: true, client_cert: 'x', client_key: PEM }, keepalive_pool: { size: 5 } })),
    plugin_configs: some(2, (i) => ({ id: `p${i}`, desc: 'shared', plugins: guard() })),
    global_rules: [{ id: 1, plugins: off() }],
    consumer_groups: some(2, (i) => ({ id: `g${i}`, name: 'gold', plugins: {} })),
    consumers: [
      ...some(3, (i) => ({ username: `c${i}`, group_id: 'g0', labels: { custom_id: '7', token: SECRET }, plugins: { 'key-auth': { keys: [`${SECRET}${i}`, `${SECRET}-${i}`] } } })),
      { id: 'c0/credentials/more', plugins: { 'key-auth': { key: `${SECRET}!` } } },
    ],
    secrets: [{ id: 'file/run', directory: '/run/secrets' }],
    ssls: some(2, (i) => ({ id: `t${i}`, snis: ['a.example'], cert: PEM, key: PEM, certs: [PEM], keys: [PEM], client: { ca: PEM, depth: 2, skip_mtls_uri_regex: ['^/health$'] }, ssl_protocols: ['TLSv1.2'] })),
  };
}

interface Mutation {
  readonly path: string;
  readonly content: unknown;
}

/** Every way to change one value, or to leave one out. */
function mutations(content: unknown, path = ''): Mutation[] {
  if (Array.isArray(content)) {
    const without = content.map((_, i) => ({ path: `${path}[${i}] left out`, content: content.filter((__, j) => j !== i) as unknown }));
    return [...without, ...content.flatMap((item, i) => mutations(item, `${path}[${i}]`).map((one) => ({ ...one, content: content.with(i, one.content) as unknown })))];
  }
  if (typeof content === 'object' && content !== null) {
    return Object.entries(content).flatMap(([key, item]: [string, unknown]) => {
      const { [key]: _, ...rest }: Readonly<Record<string, unknown>> = { ...content };
      return [{ path: `${path}.${key} left out`, content: rest }, ...mutations(item, `${path}.${key}`).map((one) => ({ ...one, content: { ...content, [key]: one.content } }))];
    });
  }
  return [{ path, content: typeof content === 'number' ? content + 1 : typeof content === 'boolean' ? !content : content === 'TLSv1.2' ? 'TLSv1.3' : content === 'GET' ? 'POST' : content === 'chash' ? 'ewma' : content === 'node' ? 'pass' : content === 'https' ? 'http' : `${String(content)}x` }];
}

const told = (changes: readonly Change[]): string => inJson({ before: 'a', after: 'b', changes }) + inWords({ before: 'a', after: 'b', changes }, PLAIN);

describe('diff, of whatever configuration', { concurrency: false }, () => {
  for (const seed of [1, 2, 3]) {
    const content = generated(seed);
    const config = known(content);

    it(`tells no change where there is none (${seed})`, () => {
      assert.deepEqual(diff(config, config, PLUGINS), []);
      assert.deepEqual(diff(config, known(content), PLUGINS), []);
    });

    it(`tells every change of a single field, and never a secret (${seed})`, () => {
      let accepted = 0;
      for (const { path, content: mutated } of mutations(content)) {
        const other = configOf(mutated);
        // a condition without its variable is refused when it is compiled
        if (!other || path.endsWith('filter[0][0] left out')) continue;
        accepted++;
        const changes = [...diff(config, other, PLUGINS), ...diff(other, config, PLUGINS)];
        assert.equal(changes.length > 0, !isDeepStrictEqual(plain(config), plain(other)), path);
        assert.doesNotMatch(told(changes), PARTS, path);
        for (const change of changes) assert.ok(!/[\n\r]/.test(change.text) && change.text.length < 400, change.text);
      }
      assert.ok(accepted > 100, `${accepted} mutations are accepted`);
    });

    it(`tells no secret of what comes and goes (${seed})`, () => {
      const nothing = known({});
      const changes = [...diff(nothing, config, PLUGINS), ...diff(config, nothing, PLUGINS), ...diff(config, known(generated(seed + 10)), PLUGINS)];
      assert.ok(changes.length > 20);
      assert.doesNotMatch(told(changes), PARTS);
    });
  }

  it('compares 10,000 routes in a fraction of a second', () => {
    const [before, after] = [known(largeFile('routes', 10_000, 80)), known(largeFile('routes', 10_000, 80, 1))];
    diff(before, after, PLUGINS);
    const started = process.cpuUsage();
    assert.deepEqual(diff(before, after, PLUGINS).map(({ text }) => text), ['desc: edit 0 → edit 1']);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 800_000, `${(user + system) / 1000} ms of CPU`);
  });
});
