import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closing, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

type Scope = Parameters<typeof startGateway>[0];

/** A gateway whose routes, given by id, answer with their id. */
async function answering(scope: Scope, routes: readonly (readonly [id: string, rule: string])[], block = '{}'): Promise<(request: string) => Promise<string | number>> {
  const upstreams = await Promise.all(routes.map(async ([id, rule]) => `{id: ${id}, ${rule}, upstream: {nodes: {"127.0.0.1:${(await startUpstream(scope, () => answer(id))).port}": 1}}}`));
  const gateway = await startGateway(scope, `routes: [${upstreams.join(', ')}]\ngateway: ${block}`);
  return async (request) => {
    const message = (await ask(gateway.port, request)) ?? assert.fail('cut');
    return statusOf(message) === 200 ? message.body : statusOf(message);
  };
}

const post = (path: string, type: string, body: string): string => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('a route is found', () => {
  const scope = closing();
  const started = answering(scope, [
    ['v2', 'uri: /*, vars: [[arg_v, "==", 2]]'], ['android', 'uri: /*, vars: [[http_user_agent, "~*", android]]'], ['cookie', 'uri: /*, vars: [[cookie_k, in, [a, b]]]'],
    ['gpt', 'uri: /chat, vars: [[post_arg.model, "==", gpt]]'], ['form', 'uri: /chat, vars: [[post_arg_model, "==", gpt]]'], ['chat', 'uri: /chat, priority: -1'],
    ['mutation', 'uri: /graphql, vars: [[graphql_operation, "==", mutation]]'], ['fields', 'uri: /both, vars: [[post_arg.a, "==", 1]]'], ['raw', 'uri: /both, vars: [[request_body, "~~", "^x"]]'],
    ['elsewhere', 'uri: /from, remote_addrs: [10.0.0.0/8]'], ['here', 'uri: /from, remote_addr: 127.0.0.0/8'], ['rest', 'uri: /*, priority: -1'],
  ]);

  for (const [name, request, found] of [
    ['by an argument', get('/x?v=2'), 'v2'], ['by another argument', get('/x?v=3'), 'rest'], ['by a header', get('/x', 'User-Agent: Android 5\r\n'), 'android'], ['by a cookie', get('/x', 'Cookie: k=b\r\n'), 'cookie'],
    ['by its body', post('/chat', 'application/json', '{"model":"gpt"}'), 'gpt'], ['by another body', post('/chat', 'application/json', '{"model":"x"}'), 'chat'], ['by a form', post('/chat', 'application/x-www-form-urlencoded', 'model=gpt'), 'gpt'],
    ['by a body that is not there', get('/chat'), 'chat'], ['by a body of no kind', post('/chat', 'text/plain', 'x'.repeat(2_000_000)), 'chat'], ['by an address', get('/from'), 'here'],
    ['by a GraphQL document of whatever type', post('/graphql', 'text/plain', 'mutation { a }'), 'mutation'], ['by a body as a text', post('/both', 'text/plain', 'xyz'), 'raw'],
    ['not by a GraphQL document that is too large', post('/graphql', 'text/plain', `mutation { a } #${'x'.repeat(1_100_000)}`), 413], ['not by a text that is too large', post('/both', 'text/plain', 'x'.repeat(1_100_000)), 413],
    ['not by a body that is too large to look into', post('/chat', 'application/json', `{"model":"${'x'.repeat(1_100_000)}"}`), 413],
  ] as const) {
    it(`${name}: ${found}`, async () => assert.equal(await (await started)(request), found));
  }
});

it('a body that chose the route is forwarded whole, also in chunks', async (t) => {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, `routes: [{uri: /, vars: [[post_arg.a, "==", 1]], upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}]`);
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  assert.equal(statusOf((await ask(gateway.port, `${head}3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n`)) ?? assert.fail('cut')), 200);
  assert.deepEqual(upstream.requests.map((r) => r.body), ['{"a":1}']);
});

it('a body that nests too deep to be told of has no fields', async (t) => {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, `routes: [{uri: /, vars: [[post_arg.a, "~~", x]], upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}]`);
  for (const [depth, status] of [[999, 200], [1000, 404], [200_000, 404]] as const) {
    const body = `{"a":${'['.repeat(depth)}"[x\\""${']'.repeat(depth)}}`;
    const answered = await ask(gateway.port, `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    assert.equal(statusOf(answered ?? assert.fail('cut')), status, String(depth));
  }
});

describe('parameters of a path', () => {
  it('are variables', async (t) => {
    const found = await answering(t, [['joe', 'uri: /u/:name/x, vars: [[arg_q, "==", 1], [uri_param_name, "==", a]]'], ['filtered', 'uri: "/f/*rest"']], '{router: radixtree_uri_with_parameter}');
    assert.deepEqual(await Promise.all([found(get('/u/a/x?q=1')), found(get('/u/a/x')), found(get('/u//x?q=1')), found(get('/f/a/b'))]), ['joe', 404, 404, 'filtered']);
  });
});

describe('of the path that is matched', () => {
  it('an encoded slash can be told from a slash', async (t) => {
    const routes = [['one', 'uri: /a/:id'], ['two', 'uri: /b/c/d'], ['guard', 'uri: "/b/*x"']] as const;
    const told = await answering(t, routes, '{router: radixtree_uri_with_parameter, match_uri_encoded_slash: true}');
    // a server that takes it for a slash would be asked for what another route guards
    assert.deepEqual(await Promise.all([told(get('/a/1%2F2')), told(get('/a/1/2')), told(get('/b/c%2fd')), told(get('/b/c%2fe'))]), ['one', 404, 400, 'guard']);
    const same = await answering(t, routes, '{router: radixtree_uri_with_parameter}');
    assert.deepEqual(await Promise.all([same(get('/a/1%2F2')), same(get('/b/c%2Fd'))]), [404, 'two']);
  });

  it('parameters of segments can be left out', async (t) => {
    const found = await answering(t, [['admin', 'uri: /admin/x'], ['rest', 'uri: /*']], '{normalize_uri_like_servlet: true}');
    assert.deepEqual(await Promise.all([found(get('/admin;a=1/x;b')), found(get('/admin/x')), found(get('/;/y'))]), ['admin', 'admin', 'rest']);
  });

  it('a slash at the end can be left out', async (t) => {
    const found = await answering(t, [['a', 'uri: /a'], ['root', 'uri: /']], '{delete_uri_tail_slash: true}');
    assert.deepEqual(await Promise.all([found(get('/a/')), found(get('/a')), found(get('/')), found(get('/a/b/'))]), ['a', 'a', 'root', 404]);
  });
});
