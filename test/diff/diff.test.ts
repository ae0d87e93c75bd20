import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import { diff, type Change } from '../../src/diff/diff.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { plugin } from '../../src/plugins/plugin.js';
import type { Config } from '../../src/schema/file.js';
import { Store } from '../../src/state/store.js';
import { pem, yamlBlock } from '../support/secure-upstream.js';
import { demands, site } from '../support/tls.js';

const HOME = 'upstream: {nodes: {a: 1}}';
const route = (fields: string): string => `{${fields}, ${HOME}}`;
const routes = (...items: string[]): string => `routes: [${items.join(', ')}]\n`;
const GUARD = 'plugins: {key-auth: {}}';

function changes(before: string, after: string): Change[] {
  return diff(configOf(before), configOf(after), [...PLUGINS, gate]);
}

function configOf(text: string): Config {
  const { value: source } = sourceOf('gateway.yaml', Buffer.from(text));
  const { value, diagnostics } = source ? GATED(source, new Store(), 1) : { value: undefined, diagnostics: [] };
  assert.ok(value, JSON.stringify(diagnostics));
  value.table.retire(() => {});
  return value.config;
}

const words = (before: string, after: string): string[] => changes(before, after).map(({ subject, text, security }) => `${security === undefined ? '' : security === 'authentication-removed' ? 'LOOSENS ' : `${security}: `}${subject}: ${text}`);

const guarded = routes(route(`id: r1, uri: /ip, ${GUARD}`));

/** An open route that takes all of a host, and a guarded one that takes a path of all hosts. */
const HOSTED = routes(route(`id: g, uri: /ip, ${GUARD}`), route('id: o, uri: "/*", host: a.example'));

/** Before, after, and what is said. */
const CASES: Readonly<Record<string, readonly [string, string, readonly string[]]>> = {
  'nothing changed': [guarded, guarded, []],
  'a plugin is switched off': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {disable: true}}}')), ['LOOSENS route r1: key-auth disabled']],
  'a plugin is switched on': [routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {disable: true}}}')), guarded, ['route r1: key-auth enabled']],
  'a plugin is removed': [guarded, routes(route('id: r1, uri: /ip, plugins: {}')), ['LOOSENS route r1: key-auth removed']],
  'the plugins are removed': [guarded, routes(route('id: r1, uri: /ip')), ['LOOSENS route r1: key-auth removed']],
  'an anonymous consumer comes': [`${guarded}consumers: [{username: nobody}]\n`, `${routes(route('id: r1, uri: /ip, plugins: {key-auth: {anonymous_consumer: nobody}}'))}consumers: [{username: nobody}]\n`, ['LOOSENS route r1: key-auth anonymous_consumer added: nobody']],
  'credentials change of plugins that judge their own options': [`${guarded}consumers: [{username: tom, plugins: {hmac-auth: {key_id: a, secret_key: b}, jwt-auth: {key: a, secret: b}}}]\n`, `${guarded}consumers: [{username: tom, plugins: {hmac-auth: {key_id: a, secret_key: c}, jwt-auth: {key: a, secret: c}}}]\n`, ['credential-changed: consumer tom: hmac-auth credential changed: secret_key changed', 'credential-changed: consumer tom: jwt-auth credential changed: secret changed']],
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
  'another router leads requests to an open route': [`gateway: {router: radixtree_uri}\n${HOSTED}`, HOSTED, ['restriction-loosened: gateway: router: radixtree_uri → radixtree_host_uri']],
  'paths are looked for in another way': [`gateway: {delete_uri_tail_slash: true}\n${guarded}`, guarded, ['restriction-loosened: gateway: delete_uri_tail_slash: true → false']],
  'paths are looked for in another way, and nothing is guarded': [`gateway: {delete_uri_tail_slash: true}\n${routes(route('id: r1, uri: /ip'))}`, routes(route('id: r1, uri: /ip')), ['gateway: delete_uri_tail_slash: true → false']],
  'one for a list of one': [routes(route('id: r1, uri: /ip, host: a.example, remote_addr: 10.0.0.1')), routes(route('id: r1, uris: [/ip], hosts: [a.example], remote_addrs: [10.0.0.1], methods: []')), []],
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
  'a switched off plugin with a misplaced key': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {key: hush, foo: hush, _meta: {disable: true}}}')), ['LOOSENS route r1: key-auth disabled', 'route r1: key-auth options that it does not know changed']],
};

/** A plugin that says itself what loosens it. */
const gate = plugin({
  name: 'gate', priority: 1,
  schema: { description: 'A gate.', type: 'object', properties: { width: { description: 'How wide.', type: 'integer' }, colour: { description: 'Which colour.', type: 'string' }, pins: { description: 'What opens it.', type: 'array', items: { type: 'string', 'x-secret': true } } }, additionalProperties: false },
  loosens: ({ width: before = 0 }, { width: after = 0 }) => after > before,
  compile: () => ({}),
});
const GATED = createLoader([...PLUGINS, gate], {});

const gated = (gate: string, more = ''): string => `routes: [{id: r1, uri: /ip, ${HOME}, plugins: {${gate}}}]\n${more}`;

const UPSTREAM = (fields: string): string => `upstreams: [{id: up, nodes: {a: 1}, ${fields}}]\n`;
const GATEWAY = (fields: string): string => `gateway: {${fields}}\n`;
const TOM = (fields: string): string => `consumers: [{username: tom, ${fields}}]\n`;

/** Before, after, and what is said where security is concerned. */
const GRAVE: Readonly<Record<string, readonly [string, string, readonly string[]]>> = {
  'one option among others that opens': [guarded, routes(route('id: r1, uri: /ip, plugins: {key-auth: {realm: x, _meta: {disable: true}}}')), ['LOOSENS route r1: key-auth disabled', 'route r1: key-auth realm: key → x']],
  'a filter with one more condition': [routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {filter: [[arg_a, "==", b]]}}}')), routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {filter: [[arg_a, "==", b], [arg_c, "==", d]]}}}')), ['LOOSENS route r1: key-auth filter: [["arg_a","==","b"]] → [["arg_a","==","b"],["arg_c","==","d"]]']],
  'a filter with one condition less': [routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {filter: [[arg_a, "==", b], [arg_c, "==", d]]}}}')), routes(route('id: r1, uri: /ip, plugins: {key-auth: {_meta: {filter: [[arg_a, "==", b]]}}}')), ['route r1: key-auth filter: [["arg_a","==","b"],["arg_c","==","d"]] → [["arg_a","==","b"]]']],
  'a route that hides the guard of its service, which is switched on': [`services: [{id: s, ${HOME}, plugins: {key-auth: {_meta: {disable: true}}}}]\nroutes: [{id: r1, uri: /ip, service_id: s, ${GUARD}}]\n`, `services: [{id: s, ${HOME}, ${GUARD}}]\nroutes: [{id: r1, uri: /ip, service_id: s, plugins: {key-auth: {_meta: {disable: true}}}}]\n`, ['LOOSENS route r1: key-auth disabled', 'service s: key-auth enabled']],
  'global rules without ids change places': [`global_rules: [{${GUARD}}, {plugins: {gate: {}}}]\n`, `global_rules: [{plugins: {gate: {}}}, {${GUARD}}]\n`, []],
  'methods': [routes(route('id: r1, uri: /ip, methods: [GET, POST]')), routes(route('id: r1, uri: /ip, methods: [POST, PUT, GET]')), ['restriction-loosened: route r1: methods: ["GET","POST"] → ["POST","PUT","GET"]']],
  'methods in another order': [routes(route('id: r1, uri: /ip, methods: [GET, POST]')), routes(route('id: r1, uri: /ip, methods: [POST, GET]')), []],
  'methods, all of them': [routes(route('id: r1, uri: /ip, methods: [GET]')), routes(route('id: r1, uri: /ip')), ['restriction-loosened: route r1: methods removed']],
  'fewer methods': [routes(route('id: r1, uri: /ip')), routes(route('id: r1, uri: /ip, methods: [GET]')), ['route r1: methods added: ["GET"]']],
  'another host': [routes(route('id: r1, uri: /ip, host: a.example')), routes(route('id: r1, uri: /ip, hosts: [a.example, b.example]')), ['restriction-loosened: route r1: host removed', 'restriction-loosened: route r1: hosts added: ["a.example","b.example"]']],
  'a host of those before': [routes(route('id: r1, uri: /ip, host: "*.example"')), routes(route('id: r1, uri: /ip, host: a.example')), ['route r1: host: *.example → a.example']],
  'more addresses': [routes(route('id: r1, uri: /ip, remote_addrs: [10.1.0.0/16, "::1"]')), routes(route('id: r1, uri: /ip, remote_addr: 10.0.0.0/8')), ['restriction-loosened: route r1: remote_addrs removed', 'restriction-loosened: route r1: remote_addr added: 10.0.0.0/8']],
  'fewer addresses': [routes(route('id: r1, uri: /ip, remote_addr: 10.0.0.0/8')), routes(route('id: r1, uri: /ip, remote_addr: 10.1.2.3')), ['route r1: remote_addr: 10.0.0.0/8 → 10.1.2.3']],
  'a condition less': [routes(route('id: r1, uri: /ip, vars: [[arg_a, "==", b], [arg_c, "==", d]]')), routes(route('id: r1, uri: /ip, vars: [[arg_c, "==", d]]')), ['restriction-loosened: route r1: vars: [["arg_a","==","b"],["arg_c","==","d"]] → [["arg_c","==","d"]]']],
  'one condition more': [routes(route('id: r1, uri: /ip, vars: [[arg_a, "==", b]]')), routes(route('id: r1, uri: /ip, vars: [[arg_a, "==", b], [arg_c, "==", d]]')), ['route r1: vars: [["arg_a","==","b"]] → [["arg_a","==","b"],["arg_c","==","d"]]']],
  'an open route for some requests before a guarded one': [guarded, routes(route('id: o, uri: /ip, priority: 1, vars: [[arg_a, "==", b]]'), route(`id: r1, uri: /ip, ${GUARD}`)), ['LOOSENS route o: added']],
  'a guard for some requests only': [routes(route(`id: r1, uri: /ip, ${GUARD}`), route('id: all, uri: /*')), routes(route(`id: r1, uri: /ip, remote_addr: 10.0.0.1, ${GUARD}`), route('id: all, uri: /*')), ['LOOSENS route r1: remote_addr added: 10.0.0.1']],
  'routes are found by path first': [routes(route(`id: h, uri: "/*", host: a.example, ${GUARD}`), route('id: p, uri: /ip')), `gateway: {router: radixtree_uri}\n${routes(route(`id: h, uri: "/*", host: a.example, ${GUARD}`), route('id: p, uri: /ip'))}`, ['restriction-loosened: gateway: router: radixtree_host_uri → radixtree_uri']],
  'an upstream is no longer verified': [UPSTREAM('scheme: https'), UPSTREAM('scheme: https, tls: {verify: false}'), ['upstream-verification-off: upstream up: tls added: {"verify":false}']],
  'an upstream is spoken to in plain text': [UPSTREAM('scheme: https'), UPSTREAM('scheme: http'), ['upstream-verification-off: upstream up: scheme: https → http']],
  'an upstream is verified': [UPSTREAM('scheme: https, tls: {verify: false}'), UPSTREAM('scheme: https, tls: {verify: true}'), ['upstream up: tls.verify: false → true']],
  'a new upstream that is not verified': ['routes: []\n', UPSTREAM('scheme: https, tls: {verify: false}'), ['upstream-verification-off: upstream up: added']],
  'a route leaves its service for an upstream in plain text': [`services: [{id: s, upstream: {scheme: https, nodes: {a: 1}}}]\nroutes: [{id: r1, uri: /ip, service_id: s}]\n`, `services: [{id: s, upstream: {scheme: https, nodes: {a: 1}}}]\nupstreams: [{id: up, nodes: {a: 1}}]\nroutes: [{id: r1, uri: /ip, upstream_id: up}]\n`, ['upstream-verification-off: route r1: service_id removed', 'upstream-verification-off: route r1: upstream_id added: up', 'upstream up: added']],
  'nodes, as a mapping and as a list': [UPSTREAM('type: roundrobin'), 'upstreams: [{id: up, nodes: [{host: a, weight: 1}]}]\n', []],
  'more proxies are believed': [GATEWAY('trusted_proxies: [10.0.0.0/8]'), GATEWAY('trusted_proxies: [10.0.0.0/8, 192.168.0.1]'), ['trusted-proxies-widened: gateway: trusted_proxies: ["10.0.0.0/8"] → ["10.0.0.0/8","192.168.0.1"]']],
  'fewer proxies are believed': [GATEWAY('trusted_proxies: [10.0.0.0/8, "::1"]'), GATEWAY('trusted_proxies: [10.1.0.0/16]'), ['gateway: trusted_proxies: ["10.0.0.0/8","::1"] → ["10.1.0.0/16"]']],
  'the admin address is opened': [GATEWAY('admin: {listen: "127.0.0.1:9180"}'), GATEWAY('admin: {listen: "0.0.0.0:9180"}'), ['admin-address-opened: gateway: admin.listen: 127.0.0.1:9180 → 0.0.0.0:9180']],
  'the admin address is switched on': [GATEWAY('admin: false'), GATEWAY('drain_timeout: 30'), ['admin-address-opened: gateway: admin removed']],
  'the admin address is closed': [GATEWAY('admin: {listen: "0.0.0.0:9180"}'), GATEWAY('admin: {listen: "[::1]:9180"}'), ['gateway: admin.listen: 0.0.0.0:9180 → [::1]:9180']],
  'a consumer comes': ['consumers: []\n', TOM('plugins: {key-auth: {key: hush-1}}'), ['credential-added: consumer tom: added']],
  'a consumer without a credential comes': ['consumers: []\n', TOM('desc: x'), ['consumer tom: added']],
  'a credential comes': [TOM('desc: x'), 'consumers: [{username: tom, desc: x}, {id: tom/credentials/two, plugins: {key-auth: {key: hush-2}}}]\n', ['credential-added: credential tom/credentials/two: added']],
  'a credential goes': [TOM('plugins: {key-auth: {key: hush-1}}'), TOM('plugins: {}'), ['credential-removed: consumer tom: key-auth credential removed']],
  'keys take turns': [TOM('plugins: {key-auth: {keys: [hush-1, hush-2]}}'), TOM('plugins: {key-auth: {keys: [hush-2, hush-1]}}'), []],
  'a number for an id': ['services: [{id: 7}]\n', 'services: [{id: "7"}]\n', []],
  'a gate goes': [gated('gate: {width: 1}'), gated(''), ['restriction-loosened: route r1: gate removed']],
  'a gate opens': [gated('gate: {width: 1, colour: red}'), gated('gate: {width: 2, colour: red}'), ['restriction-loosened: route r1: gate width: 1 → 2']],
  'a gate closes': [gated('gate: {width: 2}'), gated('gate: {width: 1}'), ['route r1: gate width: 2 → 1']],
  'a gate gets another colour': [gated('gate: {width: 2, colour: red}'), gated('gate: {width: 2, colour: blue}'), ['route r1: gate colour: red → blue']],
  'a gate gets other pins': [gated('gate: {pins: [hush-1, hush-2]}'), gated('gate: {pins: [hush-1, hush-3]}'), ['route r1: gate pins changed']],
  'a gate gets pins': [gated('gate: {}'), gated('gate: {pins: [hush-1]}'), ['route r1: gate pins added']],
  'a gate moves to a global rule': [gated('gate: {width: 1}'), gated('', 'global_rules: [{id: 1, plugins: {gate: {width: 1}}}]\n'), ['route r1: gate removed', 'global rule 1: added']],
  'a gate opens for a consumer': [TOM('plugins: {gate: {width: 1}}'), TOM('plugins: {gate: {width: 5}}'), ['restriction-loosened: consumer tom: gate width: 1 → 5']],
  'a gate is switched off for a consumer': [TOM('plugins: {}'), TOM('plugins: {gate: {_meta: {disable: true}}}'), ['restriction-loosened: consumer tom: gate added, disabled']],
  'a consumer leaves the group that has the gate': [`${TOM('group_id: g')}consumer_groups: [{id: g, plugins: {gate: {}}}]\n`, `${TOM('desc: x')}consumer_groups: [{id: g, plugins: {gate: {}}}]\n`, ['restriction-loosened: consumer tom: group_id removed', 'consumer tom: desc added: x']],
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

  for (const [name, [before, after, expected]] of Object.entries(GRAVE)) {
    it(`judges what changed: ${name}`, () => assert.deepEqual(words(before, after), expected));
  }

  it('takes a file as it is meant, whatever it looks like', () => {
    const text = `# tom\n${guarded}consumers:\n- username: tom\n  labels: {a: x, b: "y"}\n`;
    const json = { consumers: [{ labels: { b: 'y', a: 'x' }, username: 'tom' }], routes: [{ plugins: { 'key-auth': {} }, upstream: { nodes: { a: 1 } }, uri: '/ip', id: 'r1' }] };
    assert.deepEqual(words(text, JSON.stringify(json)), []);
  });

  it('says that a credential changed, and nothing of it', () => {
    const consumer = (conf: string): string => `consumers: [{username: tom, labels: {api_key: ${conf.replace(/\W/g, '')}}, plugins: {key-auth: {${conf}}}}]\n`;
    const all = JSON.stringify(changes(consumer('key: hush-1'), consumer('keys: [hush-2]')));
    assert.match(all, /key-auth credential changed/);
    assert.doesNotMatch(all, /hush/);
  });

  it('says that a client certificate changed, and nothing of its key', () => {
    const said = words(mutual('client'), mutual('server'));
    assert.deepEqual(said, ['upstream up: tls.client_cert changed', 'upstream up: tls.client_key changed']);
  });

  it('says that clients get round a certificate by a place without TLS', () => {
    const served = (listen: string, client: string): string => `gateway: {listen: [${listen}]}\nroutes: []\nssls:\n${site('a.example', 'server', client)}`;
    const [secure, plain] = ['{address: "0.0.0.0:9443", tls: true}', '"0.0.0.0:9080"'];
    assert.deepEqual(words(served(secure, demands()), served(`${secure}, ${plain}`, demands())), ['LOOSENS gateway: listen: [{"address":"0.0.0.0:9443","tls":true}] → [{"address":"0.0.0.0:9443","tls":true},"0.0.0.0:9080"]']);
    assert.doesNotMatch(words(served(`${secure}, ${plain}`, demands()), served(secure, demands())).join(), /LOOSENS/);
    assert.doesNotMatch(words(served(secure, ''), served(`${secure}, ${plain}`, '')).join(), /LOOSENS/);
  });

  it('puts what loosens first', () => {
    const [first] = changes(`${guarded}gateway: {drain_timeout: 1}\n`, `${routes(route('id: r1, uri: /ip'))}gateway: {drain_timeout: 2}\n`);
    assert.equal(first?.security, 'authentication-removed');
  });
});
