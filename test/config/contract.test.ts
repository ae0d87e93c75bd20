import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { authPlugin, plugin, type Handlers, type Plugin } from '../../src/plugins/plugin.js';
import { Store } from '../../src/state/store.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { ask, get } from '../support/raw.js';

const nothing = { type: 'object', properties: {}, additionalProperties: false } as const;

/** The codes of what is told of a configuration, and where. */
function told(yaml: string, plugins: readonly Plugin[]): string[] {
  const { value: source } = sourceOf('a.yaml', Buffer.from(yaml));
  assert.ok(source);
  const { value, diagnostics } = createLoader(plugins, {})(source, new Store(), 1);
  value?.table.retire(() => {});
  return diagnostics.map(({ code, path }) => `${path.join('.')} ${code}`);
}

async function send(t: TestContext, yaml: string, plugins: readonly Plugin[], headers = '') {
  const gateway = await startGateway(t, yaml, plugins);
  return (await ask(gateway.port, get('/', headers))) ?? assert.fail('cut');
}

describe('an auth plugin', () => {
  const square = authPlugin({
    name: 'square', priority: 1, schema: nothing,
    credentialSchema: { type: 'object', properties: { side: { type: 'integer' } }, required: ['side'], additionalProperties: false } as const,
    credentialKeys: ({ side }) => [{ path: ['side'], key: String(side) }],
    prepare({ side }, reject) {
      if (side > 9) reject(['side'], 'that is too large');
      return { area: side * side };
    },
    compile: (_, { credentials }) => ({
      rewrite(x) {
        const found = credentials.get(x.headerValues('side')[0] ?? '');
        if (found) x.attach(found);
        return { status: found?.data ? 200 : 401, body: String(found?.data?.area) };
      },
    }),
  });
  const yaml = (side: number): string => `consumers: [{username: tom, plugins: {square: {side: ${side}}}}]\nroutes: [{uri: /, plugins: {square: {}}}]`;

  it('finds with a credential what it prepared of it', async (t) => {
    assert.equal((await send(t, yaml(7), [square], 'Side: 7\r\n')).body, '49');
  });

  it('has an item with an id of a credential to itself', () => {
    const two = (item: string): string => `consumers: [{username: tom, plugins: {}}, ${item}]\nroutes: [{uri: /, plugins: {square: {}, key-auth: {}}}]`;
    const both = 'plugins: {square: {side: 7}, key-auth: {key: of-tom-5f0c1d93ab27}}';
    assert.deepEqual(told(two(`{id: tom/credentials/a, ${both}}`), [square, ...PLUGINS]), ['consumers.1.plugins.key-auth conflicting-fields']);
    assert.deepEqual(told(two(`{username: ann, ${both}}`), [square, ...PLUGINS]).filter((line) => line.endsWith('fields')), []);
  });

  it('refuses a credential that no schema can tell is wrong', () => {
    assert.deepEqual(told(yaml(10), [square]), ['consumers.0.plugins.square.side plugin-rejected']);
  });
});

describe('a plugin', () => {
  it('is given its metadata, with the defaults of its schema', async (t) => {
    const meta = plugin({
      name: 'meta', priority: 1, schema: nothing,
      metadataSchema: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer', default: 5 } }, additionalProperties: false } as const,
      compile: (_, { metadata }) => ({ access: () => ({ status: 200, body: { metadata } }) }),
    });
    assert.equal((await send(t, 'plugin_metadata: [{id: meta, a: x}]\nroutes: [{uri: /, plugins: {meta: {}}}]', [meta])).body, '{"metadata":{"a":"x","b":5}}\n');
    assert.deepEqual(told('plugin_metadata: [{id: meta, c: x, b: few}]', [meta]), ['plugin_metadata.0.c unknown-field', 'plugin_metadata.0.b wrong-type']);
  });

  const inner = plugin({
    name: 'inner', priority: 1, schema: { type: 'object', properties: { status: { type: 'integer', default: 418 } }, additionalProperties: false } as const,
    compile: ({ status }, binding) => {
      if (status === 1) binding.reject(['status'], 'one is no status');
      return { access: () => ({ status }) };
    },
  });
  const outer = plugin({
    name: 'outer', priority: 1, schema: { type: 'object', properties: { runs: { type: 'array', items: { type: 'object' } } } } as const,
    compile({ runs = [] }, binding): Handlers {
      const found = runs.flatMap((run, i) => Object.entries(run).map(([name, options]) => binding.nested(name, options, ['runs', i, name])));
      return { access: (x) => found.find((handlers) => handlers !== undefined)?.access?.(x) };
    },
  });
  const nesting = (runs: string): string => `routes: [{uri: /, plugins: {outer: {runs: ${runs}}}}]`;

  it('runs another within itself, with its defaults and its `_meta`', async (t) => {
    assert.equal(statusOf(await send(t, nesting('[{inner: {status: 1, _meta: {disable: true}}}, {inner: {}}]'), [inner, outer])), 418);
    assert.equal((await send(t, nesting('[{inner: {_meta: {error_response: no tea}}}]'), [inner, outer])).body, 'no tea');
  });

  it('has what is wrong with another within it told where it stands', () => {
    const at = 'routes.0.plugins.outer.runs.0';
    assert.deepEqual(told(nesting('[{inner: {status: high, sttus: 1}}]'), [inner, outer]), [`${at}.inner.status wrong-type`, `${at}.inner.sttus unknown-field`]);
    assert.deepEqual(told(nesting('[{inner: {status: 1}}]'), [inner, outer]), [`${at}.inner.status plugin-rejected`]);
    assert.deepEqual(told(nesting('[{iner: {}}]'), [inner, outer]), [`${at}.iner unknown-plugin`]);
  });

  it('that prefers the route runs once where a global rule has it too', async (t) => {
    const count = plugin({ name: 'count', priority: 1, prefersRoute: true, schema: nothing, compile: (_, { owner }) => ({ headerFilter: (_x, head) => void head.headers.push('X-By', owner) }) });
    const yaml = (plugins: string): string => `global_rules: [{id: 1, plugins: {count: {}}}]\nroutes: [{id: r, uri: /, plugins: {${plugins}}}]`;
    assert.deepEqual(values(await send(t, yaml('count: {}'), [count]), 'x-by'), ['route/r']);
    assert.deepEqual(values(await send(t, yaml(''), [count]), 'x-by'), ['global_rule/1']);
    assert.deepEqual(values(await send(t, yaml('count: {_meta: {disable: true}}'), [count]), 'x-by'), ['global_rule/1']);
  });
});
