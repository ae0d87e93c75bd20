import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explained, steps } from './support.js';

const CONFIG = `
routes:
  - {id: open, uri: /open/*, upstream_id: up}
  - {id: shop, uri: /shop, methods: [GET], host: "*.example.com", service_id: shop, plugins: {key-auth: {hide_credentials: true}}}
  - {id: none, uri: /none, plugins: {}}
services:
  - id: shop
    plugins: {teapot: {}, key-auth: {}, marker: {_meta: {disable: true}}}
    upstream: {scheme: https, pass_host: node, nodes: {"a.example.com": 3, "b.example.com:8443": 1}}
consumers:
  - {username: tom, plugins: {key-auth: {key: key-of-tom}}}
  - {username: ann, plugins: {key-auth: {key: key-of-ann}, marker: {}, teapot: {when: x-ann}}}
global_rules: [{id: all, plugins: {marker: {when: x-all}}}]
upstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]
`;
const SHOP = { url: 'http://www.example.com/shop' };

describe('an explanation', () => {
  it('names the route, its service, its upstream with the share of each node, and what the node gets', async () => {
    const { route, consumer, upstream, path, answer } = await explained(CONFIG, { url: 'https://www.Example.com/open/../shop?a=1', headers: { apikey: ['key-of-tom'], 'X-All': ['1'] } });
    assert.deepEqual([route?.id, route?.service, route?.place.start.line, consumer, path], ['shop', 'shop', 4, 'tom', '/shop']);
    assert.deepEqual([upstream?.id, upstream?.scheme, upstream?.type], ['service/shop', 'https', 'roundrobin']);
    assert.deepEqual(upstream?.nodes, [{ node: 'a.example.com', weight: 3, priority: 0 }, { node: 'b.example.com:8443', weight: 1, priority: 0 }]);
    assert.deepEqual([upstream?.sent?.node, upstream?.sent?.method, upstream?.sent?.target], ['a.example.com:443', 'GET', '/shop?a=1']);
    const sent = Object.fromEntries(upstream?.sent?.headers ?? []);
    assert.deepEqual([sent['Host'], sent['X-Consumer-Username'], sent['X-Forwarded-Proto'], sent['X-Forwarded-Port'], sent['apikey'], sent['X-All']], ['a.example.com', 'tom', 'https', '9443', undefined, undefined]);
    assert.deepEqual([answer.status, answer.by], [undefined, 'the upstream']);
  });

  it('names plugins in the order in which they run, where each is written, and what it changes', async () => {
    const explanation = await explained(CONFIG, { ...SHOP, headers: { apikey: ['key-of-tom'] } });
    assert.deepEqual(steps(explanation), ['marker@global_rule/all rewrite passes', 'key-auth@route/shop rewrite passes', 'marker@global_rule/all access passes', 'teapot@service/shop access passes']);
    assert.deepEqual(explanation.plugins.map(({ changes }) => changes), [
      ['hides the header x-all from the upstream'], ['hides the header apikey from the upstream', 'finds the consumer tom'], [], [],
    ]);
    assert.deepEqual(explanation.plugins.map(({ place }) => place.start.line), [13, 4, 13, 8]);
  });

  it('names plugins that are configured and do not run, and what speaks in their place', async () => {
    const { silent } = await explained(CONFIG, { ...SHOP, headers: { apikey: ['key-of-ann'] } });
    assert.deepEqual(silent.map(({ plugin, source, because }) => `${plugin}@${source}: ${because}`), [
      'teapot@service/shop: consumer/ann speaks for it', 'key-auth@service/shop: route/shop speaks for it', 'marker@service/shop: consumer/ann speaks for it',
    ]);
    const other = await explained(CONFIG, { ...SHOP, headers: { apikey: ['key-of-tom'] } });
    assert.deepEqual(other.silent.map(({ plugin, because }) => `${plugin}: ${because}`), ['key-auth: route/shop speaks for it', 'marker: it is switched off there']);
  });

  it('tells of each node which priority it has, and of several which one is asked', async () => {
    const { upstream } = await explained('routes: [{uri: /, upstream: {nodes: [{host: a, port: 1, weight: 1}, {host: b, port: 2, weight: 1, priority: 1}]}}]', {});
    assert.deepEqual([upstream?.nodes, upstream?.sent?.node], [[{ node: 'a:1', weight: 1, priority: 0 }, { node: 'b:2', weight: 1, priority: 1 }], 'b:2']);
  });

  it('is about the port that the file serves at, or that the URL names of several', async () => {
    const text = `
gateway: {listen: ["127.0.0.1:8001", {address: "[::]:8443", tls: true}, "127.0.0.1:8002"]}
routes: [{id: second, uri: /, vars: [[server_port, "==", "8002"]], upstream_id: up}, {id: secure, uri: /, vars: [[server_port, "==", "8443"]], upstream_id: up}, {id: first, uri: /, vars: [[server_port, "==", "8001"]], upstream_id: up}]
upstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]`;
    const routes = ['/', 'http://a.test:8002/', 'http://a.test:8443/', 'https://a.test/', 'http://a.test:80/'].map(async (url) => (await explained(text, { url })).route?.id);
    assert.deepEqual(await Promise.all(routes), ['first', 'second', 'first', 'secure', 'first']);
  });

  it('is about the request that was asked about: of one without a body no length is made up but none', async () => {
    const { upstream } = await explained(CONFIG, { method: 'POST', url: '/open/' });
    assert.deepEqual(upstream?.sent?.headers.filter(([name]) => /^(content-length|transfer-encoding)$/i.test(name)), [['Content-Length', '0']]);
  });

  it('shows bytes as the text that they are, and masks a secret in it', async () => {
    const text = 'routes: [{uri: /, plugins: {key-auth: {}, fault-injection: {abort: {http_status: 200, body: "$http_apikey $http_x_name"}}}}]\nconsumers: [{username: tom, plugins: {key-auth: {key: päss-of-tom}}}]';
    const bytes = (one: string): string => Buffer.from(one).toString('latin1');
    const { answer } = await explained(text, { headers: { apikey: [bytes('päss-of-tom')], 'X-Name': [bytes('jörg')] } });
    assert.match(answer.body ?? '', /\*{8}/);
    assert.doesNotMatch(answer.body ?? '', /p.*ss-of/);
  });

  it('tells that a request is refused whose body decides about its route, and does not come', async () => {
    const text = 'routes: [{id: a, uri: /, vars: [[post_arg_kind, "==", x]], upstream_id: up}, {id: b, uri: /, upstream_id: up}]\nupstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]\ngateway: {client_timeouts: {body: 1}}';
    const { refused, others, answer } = await explained(text, { method: 'POST', headers: { 'Content-Length': ['5'], 'Content-Type': ['application/x-www-form-urlencoded'] } });
    assert.match(refused ?? '', /told apart by its body/);
    assert.deepEqual([others, answer.status], [[], 408]);
  });

  it('takes in what a consumer brings along, once it is known', async () => {
    const explanation = await explained(CONFIG, { ...SHOP, headers: { apikey: ['key-of-ann'], 'x-ann': ['1'] } });
    assert.deepEqual(steps(explanation), [
      'marker@global_rule/all rewrite passes', 'key-auth@route/shop rewrite passes', 'marker@consumer/ann rewrite passes',
      'marker@global_rule/all access passes', 'marker@consumer/ann access passes', 'teapot@consumer/ann access answers',
    ]);
    assert.deepEqual([explanation.answer.status, explanation.answer.by, explanation.answer.body, explanation.upstream?.sent], [418, 'the plugin teapot', 'a teapot\n', undefined]);
  });

  it('tells what a plugin refuses with, and what is not reached', async () => {
    const explanation = await explained(CONFIG, SHOP);
    assert.deepEqual(steps(explanation), ['marker@global_rule/all rewrite passes', 'key-auth@route/shop rewrite answers', 'marker@global_rule/all access not-reached', 'teapot@service/shop access not-reached']);
    assert.deepEqual(explanation.answer, { status: 401, by: 'the plugin key-auth', headers: [['WWW-Authenticate', 'apikey realm="key"']], body: '{"message":"Missing API key in request"}\n' });
    assert.deepEqual([explanation.consumer, explanation.upstream?.nodes.length, explanation.upstream?.sent], [undefined, 2, undefined]);
  });

  it('does not run what asks other servers, and says so', async () => {
    const explanation = await explained('routes: [{uri: /, plugins: {asking: {}, teapot: {}}, upstream: {nodes: {"a:1": 1}}}]', {});
    assert.deepEqual(steps(explanation), ['asking@route/arr_1 access unknown', 'teapot@route/arr_1 access passes']);
  });

  it('tells when no route is met, and which global rules such a request meets', async () => {
    const explanation = await explained(CONFIG, { method: 'POST', ...SHOP });
    assert.deepEqual([explanation.route, explanation.answer.status, explanation.answer.by, explanation.upstream], [undefined, 404, 'the gateway', undefined]);
    assert.deepEqual(steps(explanation), ['marker@global_rule/all rewrite passes', 'marker@global_rule/all access passes']);
  });

  it('tells that a route has no upstream', async () => {
    const { route, upstream, answer } = await explained(CONFIG, { url: '/none' });
    assert.deepEqual([route?.id, upstream, answer.status, answer.by], ['none', undefined, 503, 'the gateway']);
  });

  it('masks what the caller is recognised by, wherever it was sent', async () => {
    const keyed = CONFIG.replace('key-auth: {hide_credentials: true}', 'key-auth: {header: x-harmless, query: harmless}').replace('key-auth: {key: key-of-tom}', 'key-auth: {key: Zq9-hush}');
    for (const question of [{ ...SHOP, headers: { 'X-Harmless': ['Zq9-hush'] } }, { url: `${SHOP.url}?harmless=Zq9-hush` }, { ...SHOP, headers: { 'X-Harmless': ['Zq9-wrong'], Cookie: ['sid=Zq9-sid'] } }]) {
      const explanation = await explained(keyed, question);
      assert.doesNotMatch(JSON.stringify(explanation), /Zq9/);
      assert.equal(explanation.route?.id, 'shop');
    }
  });

  it('hides what arguments of an address hold that a client is sent to', async () => {
    const { answer } = await explained('routes: [{uri: /, plugins: {redirect: {uri: "https://a.example/b?token=Zq9-hush&page=2", ret_code: 302}}}]\n', { url: 'http://a.example/' });
    assert.deepEqual(answer?.headers.find(([name]) => name === 'Location'), ['Location', 'https://a.example/b?token=********&page=2']);
  });
});

describe('the routes that a request does not meet', () => {
  const ROUTES = `
routes:
  - {id: any, uri: /*, upstream_id: up}
  - {id: deep, uri: /a/b/*, methods: [POST], upstream_id: up}
  - {id: exact, uri: /a/b/c, methods: [PUT, DELETE], upstream_id: up}
  - {id: off, uri: /a/b/c, status: 0, upstream_id: up}
  - {id: first, uri: /a/*, priority: 1, upstream_id: up}
  - {id: second, uri: /a/*, upstream_id: up}
  - {id: hosted, uri: /*, host: x.test, methods: [POST], upstream_id: up}
  - {id: elsewhere, uris: [/b, /a/b], upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]
`;
  const others = async (url: string): Promise<string[]> => {
    const { route, others: list } = await explained(ROUTES, { url });
    return [`met: ${route?.id}`, ...list.map(({ route: id, because, place }) => `${id} (${place.start.line}): ${because}`)];
  };

  it('are told with what does not fit, in the order in which they are tried', async () => {
    assert.deepEqual(await others('http://y.test/a/b/c'), [
      'met: first', 'exact (5): it takes PUT or DELETE', 'deep (4): it takes POST', 'second (8): it fits as well, and first comes before it',
      'any (3): it fits as well, and first comes before it', 'off (6): it is out of service (`status: 0`)', 'hosted (9): its host is x.test, and it takes POST',
    ]);
    assert.equal((await others('http://x.test/a/b/c'))[1], 'hosted (9): it takes POST');
  });

  it('are told with addresses and variables that do not fit', async () => {
    const text = `routes:
  - {id: far, uri: /*, remote_addrs: [10.0.0.0/8, "::1"], upstream_id: up}
  - {id: v2, uri: "/u/:name", vars: [[arg_v, "==", 2], [uri_param_name, "==", joe]], upstream_id: up}
  - {id: rest, uri: /*, upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]
gateway: {router: radixtree_uri_with_parameter}`;
    const { route, others: list } = await explained(text, { url: '/u/joe?v=1' });
    assert.deepEqual([route?.id, list.map(({ route: id, because }) => `${id}: ${because}`)], ['rest', ['v2: its `vars` do not hold', 'far: it takes requests from 10.0.0.0/8 or ::1']]);
    assert.equal((await explained(text, { url: '/u/joe?v=2' })).route?.id, 'v2');
  });

  it('are told by addresses and variables too, in the order of the router', async () => {
    const { route, others: list } = await explained(`
gateway: {router: radixtree_uri}
routes:
  - {id: inside, uri: /a, remote_addr: 10.0.0.0/8, upstream_id: up}
  - {id: beta, uri: /a, vars: [[arg_beta, "==", "1"]], methods: [POST], upstream_id: up}
  - {id: plain, uri: /a, upstream_id: up}
  - {id: hosted, uri: /a, host: localhost, upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:1": 1}}]
`, { url: '/a' });
    assert.deepEqual([route?.id, list.map(({ route: id, because }) => `${id}: ${because}`)], ['plain', [
      'inside: it takes requests from 10.0.0.0/8', 'beta: it takes POST, and its `vars` do not hold', 'hosted: it fits as well, and plain comes before it',
    ]]);
  });

  it('are all that is told of routes when none is met', async () => {
    const { route, others: list } = await explained(CONFIG, { url: '/shop' });
    assert.deepEqual([route, list.map(({ route: id, because }) => `${id}: ${because}`)], [undefined, ['shop: its host is *.example.com']]);
  });
});

describe('a request that is refused before any route is looked for', () => {
  const REASONS: readonly (readonly [string, object, number, RegExp])[] = [
    ['climbs', { url: '/../shop' }, 400, /climbs above the root/],
    ['hides a slash', { url: '/open/%2f/x' }, 400, /encoded slash beside another/],
    ['hides dots', { url: '/open/..;/x' }, 400, /hides a dot segment/],
    ['decodes twice', { url: '/open/%252e' }, 400, /only a second decoding/],
    ['is overlong', { url: '/open/%c0%ae' }, 400, /more bytes than UTF-8/],
    ['has a fragment', { url: '/open/#x' }, 400, /holds a `#`/],
    ['has parameters', { url: 'http://www.example.com/shop;a=1' }, 400, /take it for a request to the route shop/],
    ['has no host', { url: '/', headers: { Host: ['a b'] } }, 400, /no name of a host/],
    ['has two hosts', { url: '/', headers: { Host: ['a', 'b'] } }, 400, /no Host or several/],
    ['holds bytes beyond ASCII', { url: '/open/j\xc3\xb6rg' }, 400, /percent-encoded/],
    ['is of no known method', { method: 'FOO' }, 400, /FOO is no method that is known/],
    ['has two lengths', { method: 'POST', headers: { 'Content-Length': ['1', '2'] }, body: 'a' }, 400, /more than one length/],
    ['is TRACE', { method: 'TRACE' }, 405, /TRACE/],
    ['is CONNECT', { method: 'CONNECT' }, 405, /CONNECT/],
    ['expects something', { headers: { Expect: ['miracles'] } }, 417, /100-continue/],
    ['has another coding', { headers: { 'Transfer-Encoding': ['gzip, chunked'] } }, 501, /transfer coding/],
  ];
  for (const [what, question, status, words] of REASONS) {
    it(`is told why: it ${what}`, async () => {
      const { refused, answer, plugins } = await explained(CONFIG, question);
      assert.match(refused ?? '', words);
      assert.deepEqual([answer.status, answer.by, plugins.length > 0], [status, 'the gateway', false]);
    });
  }
});
