import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diff, type Change } from '../../src/diff/diff.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { load } from '../config/check.js';
import { pem, yamlBlock } from '../support/secure-upstream.js';

const HOME = 'upstream: {nodes: {a: 1}}';
const route = (fields: string): string => `{${fields}, ${HOME}}`;
const routes = (...items: string[]): string => `routes: [${items.join(', ')}]\n`;
const GUARD = 'plugins: {key-auth: {}}';

function changes(before: string, after: string): Change[] {
  const [a, b] = [load(before), load(after)];
  assert.ok(a.loaded && b.loaded, JSON.stringify([...a.diagnostics, ...b.diagnostics]));
  return diff(a.loaded.config, b.loaded.config, PLUGINS);
}

const words = (before: string, after: string): string[] => changes(before, after).map(({ subject, text, loosens }) => `${loosens ? 'LOOSENS ' : ''}${subject}: ${text}`);

const guarded = routes(route(`id: r1, uri: /ip, ${GUARD}`));

/** Before, after, and what is said. */
const CASES: Readonly<Record<string, readonly [string, string, readonly string[]]>> = {
  'nothing changed': [guarded, guarded, []],
  'a plugin is switched off': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {disable: true}}}')), ['LOOSENS route r1: key-auth disabled']],
  'a plugin is switched on': [routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {disable: true}}}')), guarded, ['route r1: key-auth enabled']],
  'a plugin is removed': [guarded, routes(route('id: r1, uri: /ip, plugins: {}')), ['LOOSENS route r1: key-auth removed']],
  'the plugins are removed': [guarded, routes(route('id: r1, uri: /ip')), ['LOOSENS route r1: key-auth removed']],
  'an anonymous consumer comes': [`${guarded}consumers: [{username: nobody}]\n`, `${routes(route('id: r1, uri: /ip, plugins: {key-auth: {anonymous_consumer: nobody}}'))}consumers: [{username: nobody}]\n`, ['LOOSENS route r1: key-auth anonymous_consumer added: nobody']],
  'a route goes out of service': [guarded, routes(route(`id: r1, uri: /ip, status: 0, ${GUARD}`)), ['route r1: status: 1 → 0']],
  'out of service, and an open one takes over': [routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: all, uri: /*')), routes(route(`id: r1, uri: /ip, status: 0, ${GUARD}`), route('id: all, uri: /*')), ['LOOSENS route r1: status: 1 → 0']],
  'a route is removed': [guarded, routes(), ['route r1: removed']],
  'removed, and an open one takes over': [routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: all, uri: /*')), routes(route('id: all, uri: /*')), ['LOOSENS route r1: removed']],
  'another id, open': [guarded, routes(route('id: r2, uri: /ip')), ['LOOSENS route r1: removed', 'LOOSENS route r2: added']],
  'another id, guarded': [guarded, routes(route(`id: r2, uri: /ip, ${GUARD}`)), ['route r1: removed', 'route r2: added']],
  'an open part of a guarded path': [routes(route(`id: r1, uri: "/api/*", ${GUARD}`)), routes(route(`id: r1, uri: "/api/*", ${GUARD}`), route('id: health, uri: /api/health')), ['LOOSENS route health: added']],
  'an open host of a guarded path': [guarded, routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: r2, uri: /ip, host: a.example')), ['LOOSENS route r2: added']],
  'an open method of a guarded path': [guarded, routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: r2, uri: /ip, methods: [GET], priority: 1')), ['LOOSENS route r2: added']],
  'an open path beside': [guarded, routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: r2, uri: /other')), ['route r2: added']],
  'a guard moves to another path': [routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: all, uri: /*')), routes(route(`id: r1, uri: /b, ${GUARD}`), route('id: all, uri: /*')), ['LOOSENS route r1: uri: /ip → /b']],
  'one is added above routes without ids': [routes(route(`uri: /a, ${GUARD}`), route('uri: /b')), routes(route('uri: /new'), route(`uri: /a, ${GUARD}`), route('uri: /b')), ['route /new: added']],
  'routes without ids change places': [routes(route(`uri: /a, ${GUARD}`), route('uri: /b, methods: [GET]')), routes(route('uri: /b, methods: [GET]'), route(`uri: /a, ${GUARD}`)), []],
  'an open route overtakes a guarded one': [routes(route(`id: g, uri: /ip, ${GUARD}`), route('id: o, uri: /ip')), routes(route('id: o, uri: /ip'), route(`id: g, uri: /ip, ${GUARD}`)), ['LOOSENS route o: goes before route g now (their order in the file)']],
  'an open route overtakes a guarded one at one of its paths and hosts': [routes(route(`id: g, uris: [/a, "/b/*"], hosts: [x.example, y.example], ${GUARD}`), route('id: o, uri: "/b/*", host: Y.example')), routes(route('id: o, uri: "/b/*", host: Y.example'), route(`id: g, uris: [/a, "/b/*"], hosts: [x.example, y.example], ${GUARD}`)), ['LOOSENS route o: goes before route g now (their order in the file)']],
  'a guarded route overtakes an open one': [routes(route('id: o, uri: /ip'), route(`id: g, uri: /ip, ${GUARD}`)), routes(route(`id: g, uri: /ip, ${GUARD}`), route('id: o, uri: /ip')), ['route g: goes before route o now (their order in the file)']],
  'a guarded route goes behind two': [routes(route(`id: g, uri: /ip, ${GUARD}`), route(`id: a, uri: /ip, methods: [GET], ${GUARD}`), route('id: o, uri: /ip')), routes(route(`id: a, uri: /ip, methods: [GET], ${GUARD}`), route('id: o, uri: /ip'), route(`id: g, uri: /ip, ${GUARD}`)), ['LOOSENS route o: goes before route g now (their order in the file)', 'route a: goes before route g now (their order in the file)']],
  'an open route changes and overtakes': [routes(route(`id: g, uri: /ip, ${GUARD}`), route('id: o, uri: /ip')), routes('{id: o, uri: /ip, upstream: {nodes: {b: 1}}}', route(`id: g, uri: /ip, ${GUARD}`)), ['LOOSENS route o: goes before route g now (their order in the file)', 'route o: upstream.nodes.a removed', 'route o: upstream.nodes.b added: 1']],
  'routes of other methods change places': [routes(route(`id: g, uri: /ip, methods: [POST], ${GUARD}`), route('id: o, uri: /ip, methods: [GET]')), routes(route('id: o, uri: /ip, methods: [GET]'), route(`id: g, uri: /ip, methods: [POST], ${GUARD}`)), []],
  'routes of other priorities change places': [routes(route(`id: g, uri: /ip, priority: 1, ${GUARD}`), route('id: o, uri: /ip')), routes(route('id: o, uri: /ip'), route(`id: g, uri: /ip, priority: 1, ${GUARD}`)), []],
  'a route that is out of service changes places': [routes(route(`id: g, uri: /ip, ${GUARD}`), route('id: o, uri: /ip, status: 0')), routes(route('id: o, uri: /ip, status: 0'), route(`id: g, uri: /ip, ${GUARD}`)), []],
  'a route without id is opened': [routes(route(`uri: /a, host: x.example, methods: [GET], ${GUARD}`)), routes(route('uri: /a, host: x.example, methods: [GET]')), ['LOOSENS route GET x.example /a: key-auth removed']],
  'nodes': [routes('{id: r1, uri: /, upstream: {nodes: {a: 1, b: 1}}}'), routes('{id: r1, uri: /, upstream: {nodes: {a: 2, c: 1}}}'), ['route r1: upstream.nodes.a: 1 → 2', 'route r1: upstream.nodes.b removed', 'route r1: upstream.nodes.c added: 1']],
  'a guard is told to pass some requests over': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {filter: [[arg_a, "==", b]]}}}')), ['LOOSENS route r1: key-auth filter added: [["arg_a","==","b"]]']],
  'a service loses its guard': [`services: [{id: s, ${HOME}, ${GUARD}}]\nroutes: [{id: r1, uri: /ip, service_id: s}]\n`, `services: [{id: s, ${HOME}}]\nroutes: [{id: r1, uri: /ip, service_id: s}]\n`, ['LOOSENS service s: key-auth removed']],
  'a service switches its guard off, and no route is left that has it': [`services: [{id: s, ${HOME}, ${GUARD}}]\nroutes: [{id: r1, uri: /ip, service_id: s, plugins: {key-auth: {}}}]\n`, `services: [{id: s, ${HOME}, plugins: {key-auth: {_meta: {disable: true}}}}]\nroutes: [{id: r1, uri: /ip, service_id: s, plugins: {key-auth: {}}}]\n`, ['service s: key-auth disabled']],
  'a plugin config loses its guard': [`plugin_configs: [{id: 1, ${GUARD}}]\nroutes: [{id: r1, uri: /ip, plugin_config_id: 1, ${HOME}}]\n`, `plugin_configs: [{id: 1, plugins: {}}]\nroutes: [{id: r1, uri: /ip, plugin_config_id: 1, ${HOME}}]\n`, ['LOOSENS plugin config 1: key-auth removed']],
  'a plugin config hides the guard of a service': [`services: [{id: s, ${HOME}, ${GUARD}}]\nplugin_configs: [{id: 1, plugins: {}}]\nroutes: [{id: r1, uri: /ip, plugin_config_id: 1, service_id: s}]\n`, `services: [{id: s, ${HOME}, ${GUARD}}]\nplugin_configs: [{id: 1, plugins: {key-auth: {_meta: {disable: true}}}}]\nroutes: [{id: r1, uri: /ip, plugin_config_id: 1, service_id: s}]\n`, ['LOOSENS plugin config 1: key-auth added, disabled']],
  'a route leaves its service, and the guard with it': [`services: [{id: s, ${HOME}, ${GUARD}}, {id: open, ${HOME}}]\nroutes: [{id: r1, uri: /ip, service_id: s}]\n`, `services: [{id: s, ${HOME}, ${GUARD}}, {id: open, ${HOME}}]\nroutes: [{id: r1, uri: /ip, service_id: open}]\n`, ['LOOSENS route r1: service_id: s → open']],
  'a guard moves from the route to its service': [`services: [{id: s, ${HOME}}]\nroutes: [{id: r1, uri: /ip, service_id: s, ${GUARD}}]\n`, `services: [{id: s, ${HOME}, ${GUARD}}]\nroutes: [{id: r1, uri: /ip, service_id: s}]\n`, ['route r1: key-auth removed', 'service s: key-auth added']],
  'a service takes a guarded host': [`services: [{id: s, ${HOME}, hosts: [b.example]}]\nroutes: [{id: g, uri: /ip, host: a.example, ${HOME}, ${GUARD}}, {id: o, uri: /ip, service_id: s, priority: 1}]\n`, `services: [{id: s, ${HOME}, hosts: [a.example]}]\nroutes: [{id: g, uri: /ip, host: a.example, ${HOME}, ${GUARD}}, {id: o, uri: /ip, service_id: s, priority: 1}]\n`, ['LOOSENS service s: hosts: ["b.example"] → ["a.example"]']],
  'a global rule that guards is removed': [`global_rules: [{id: 1, ${GUARD}}]\n${routes(route('id: r1, uri: /ip'))}`, routes(route('id: r1, uri: /ip')), ['LOOSENS global rule 1: removed']],
  'a global rule is removed, and the route has the guard itself': [`global_rules: [{id: 1, ${GUARD}}]\n${guarded}`, guarded, ['global rule 1: removed']],
  'a global rule guards every route': [routes(route('id: r1, uri: /ip')), `global_rules: [{id: 1, ${GUARD}}]\n${routes(route('id: r1, uri: /ip'))}`, ['global rule 1: added']],
  'a consumer changes its group': [`consumer_groups: [{id: a, plugins: {}}, {id: b, plugins: {}}]\nconsumers: [{username: tom, group_id: a}]\n`, `consumer_groups: [{id: a, plugins: {}, desc: x}, {id: b, plugins: {}}]\nconsumers: [{username: tom, group_id: b}]\n`, ['consumer tom: group_id: a → b', 'consumer group a: desc added: x']],
  'which plugins may be used': [guarded, `${guarded}plugins: [{name: key-auth}]\n`, ['the list of plugins: plugins added: ["key-auth"]']],
  'where secrets are': ['secrets: [{id: file/a, directory: /a}]\n', 'secrets: [{id: file/a, directory: /b}, {id: env/b}]\n', ['secret manager file/a: directory: /a → /b', 'secret manager env/b: added']],
  'a switched off plugin with a misplaced key': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {key: hush, foo: hush, _meta: {disable: true}}}')), ['LOOSENS route r1: key-auth disabled']],
};

/** An upstream that is shown a certificate. */
const mutual = (name: string): string => `routes: [{id: r1, uri: /, upstream_id: up}]
upstreams:
  - id: up
    scheme: https
    nodes: {a: 1}
    tls:
      client_cert: ${yamlBlock(pem(name))}      client_key: ${yamlBlock(pem(`${name}.key`))}`;

describe('diff', () => {
  for (const [name, [before, after, expected]] of Object.entries(CASES)) {
    it(`says what changed: ${name}`, () => assert.deepEqual(words(before, after), expected));
  }

  it('says that a credential changed, and nothing of it', () => {
    const consumer = (conf: string): string => `consumers: [{username: tom, labels: {api_key: ${conf.replace(/\W/g, '')}}, plugins: {key-auth: {${conf}}}}]\n`;
    const all = JSON.stringify(changes(consumer('key: hush-1'), consumer('keys: [hush-2]')));
    assert.match(all, /key-auth credential changed/);
    assert.doesNotMatch(all, /hush/);
  });

  it('says that a client certificate changed, and nothing of its key', () => {
    const said = words(mutual('client'), mutual('server'));
    assert.deepEqual(said.map((text) => text.replace(/-BEGIN.*?…/g, '…')), ['upstream up: tls.client_cert: "----… → "----…', 'upstream up: tls.client_key: ******** → ********']);
  });

  it('puts what loosens first', () => {
    const [first] = changes(`${guarded}gateway: {drain_timeout: 1}\n`, `${routes(route('id: r1, uri: /ip'))}gateway: {drain_timeout: 2}\n`);
    assert.equal(first?.loosens, true);
  });
});
