import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { behind, told } from '../support/behind.js';
import { values } from '../support/message.js';
import { until } from '../support/raw.js';
import { answer, refusing, startUpstream, type Script } from '../support/upstream.js';

/** A route whose requests an authorization service judges. */
async function judged(t: TestContext, script: Script, options = '', more = '') {
  const service = await startUpstream(t, script);
  const route = await behind(t, `{forward-auth: {uri: "http://127.0.0.1:${service.port}/check?a=1"${options && `, ${options}`}}}`, more);
  return { service, ...route };
}

const yes = (): string => answer('yes');

suite('forward-auth', () => {
  test('asks the service what the request is, and lets it pass below 300', async (t) => {
    const { service, send } = await judged(t, yes, 'request_headers: [Authorization, Cookie]');
    const { status, seen } = await send('/orders?x=1', 'Authorization: Bearer abc\r\nX-Other: 1\r\nX-Forwarded-Uri: /free\r\nX-Forwarded-Host: other\r\n', 'POST', 'body');
    assert.deepEqual([status, seen?.body], [200, 'body']);
    const [asked] = service.requests;
    assert.ok(asked);
    assert.deepEqual([asked.method, asked.target, asked.body], ['GET', '/check?a=1', '']);
    const got = Object.fromEntries(asked.headers.map(([name, value]) => [name.toLowerCase(), value]));
    assert.deepEqual(got, {
      host: `127.0.0.1:${service.port}`, connection: 'keep-alive', authorization: 'Bearer abc', 'x-forwarded-proto': 'http', 'x-forwarded-method': 'POST',
      'x-forwarded-host': 'test.local', 'x-forwarded-uri': '/orders?x=1', 'x-forwarded-for': '127.0.0.1',
    });
  });

  test('hands the client what the service refuses with: status, body, and the headers that it is told to', async (t) => {
    const { send } = await judged(t, () => answer('<p>log in</p>', 'Location: https://login.example/\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/html\r\nX-Inner: 1\r\n', '302 Found'), 'client_headers: [Location, Set-Cookie, Content-Type]');
    const { status, answer: came, seen } = await send();
    assert.deepEqual([status, came.body, seen], [302, '<p>log in</p>', undefined]);
    assert.deepEqual(['location', 'set-cookie', 'content-type', 'x-inner'].map((name) => values(came, name)), [['https://login.example/'], ['a=1', 'b=2'], ['text/html'], []]);
  });

  test('hands bytes on as they are, and an empty body as an empty one', async (t) => {
    for (const body of ['\xff\xfe\x00', '']) {
      const { send } = await judged(t, () => answer(body, '', '401 Unauthorized'));
      const { status, answer: came } = await send();
      assert.deepEqual([status, came.body], [401, body]);
    }
  });

  test('tells the upstream what the service says of the caller, in place of what the caller says', async (t) => {
    let headers = 'X-User-Id: 7\r\nX-Role: a\r\nX-Role: b\r\n';
    const { send } = await judged(t, () => answer('', headers), 'upstream_headers: [X-User-Id, X-Role]');
    const claims = 'X-User-Id: 1\r\nx_user_id: 1\r\nX-Role: root\r\n';
    const named = (await send('/', claims)).seen;
    assert.ok(named);
    assert.deepEqual([values(named, 'x-user-id'), values(named, 'x_user_id'), values(named, 'x-role')], [['7'], [], ['a', 'b']]);
    headers = 'X-User-Id: \xc3\xa9\xe2\x82\xac\r\n';
    assert.deepEqual(values((await send()).seen ?? assert.fail(), 'x-user-id'), ['\xc3\xa9\xe2\x82\xac'], 'byte by byte');
    headers = '';
    const unnamed = (await send('/', claims)).seen;
    assert.ok(unnamed);
    assert.deepEqual([values(unnamed, 'x-user-id'), values(unnamed, 'x_user_id'), values(unnamed, 'x-role')], [[], [], []]);
  });

  test('lets the service judge every value of a header, as the upstream sees it', async (t) => {
    const { service, send } = await judged(t, yes, 'request_headers: [authorization]');
    await send('/', 'Authorization: Bearer good\r\nAuthorization: Bearer bad\r\n');
    assert.deepEqual(service.requests.flatMap((asked) => values(asked, 'authorization')), ['Bearer good', 'Bearer bad']);
  });

  test('fills variables in, and lets nothing through that would be a header of its own', async (t) => {
    for (const degrades of [false, true]) {
      const { service, send } = await judged(t, yes, `extra_headers: {X-Route: "$route_id", X-User: "\${arg_user}"}, allow_degradation: ${degrades}`);
      await send('/?user=ann');
      assert.deepEqual(service.requests.map((asked) => [values(asked, 'x-route'), values(asked, 'x-user')]), [[['all'], ['ann']]]);
      assert.equal((await send('/?user=guest%0d%0ax-user:%20admin')).status, 403);
      assert.equal(service.requests.length, 1);
    }
  });

  test('sends the body along with POST, up to its limit, and the upstream gets it all the same', async (t) => {
    const { service, send } = await judged(t, (asked) => answer('', '', asked.body === 'good' ? '200 OK' : '403 Forbidden'), 'request_method: POST, max_req_body_size: 10');
    const { status, seen } = await send('/', '', 'PUT', 'good');
    assert.deepEqual([status, seen?.method, seen?.body, service.requests[0]?.method], [200, 'PUT', 'good', 'POST']);
    assert.equal((await send('/', '', 'POST', 'bad')).status, 403);
    assert.equal((await send('/', '', 'POST', 'more than ten')).status, 413);
    assert.equal((await send()).status, 403);
    assert.deepEqual(service.requests.map((asked) => asked.body), ['good', 'bad', '']);
  });

  test('keeps requests out while the service is not there, is silent, or talks nonsense; and soon', async (t) => {
    const port = await refusing();
    const lost = await behind(t, `{forward-auth: {uri: "http://127.0.0.1:${port}/", status_on_error: 503}}`);
    assert.deepEqual([(await lost.send()).status, lost.upstream.requests.length], [503, 0]);
    for (const script of [() => undefined, () => 'nonsense\r\n\r\n', () => answer('a'.repeat(2_000_000))] as Script[]) {
      const { send, upstream } = await judged(t, script, 'timeout: 200');
      const began = performance.now();
      assert.deepEqual([(await send()).status, upstream.requests.length], [403, 0]);
      assert.ok(performance.now() - began < 2000);
    }
  });

  test('lets requests pass without the service when it is told to, though not what they claim', async (t) => {
    const { send } = await behind(t, `{forward-auth: {uri: "http://127.0.0.1:${await refusing()}/", allow_degradation: true, upstream_headers: [X-User-Id]}}`);
    const { status, seen } = await send('/', 'X-User-Id: 1\r\n');
    assert.deepEqual([status, seen && values(seen, 'x-user-id')], [200, []]);
  });

  test('makes the consumer known whom the service names, with the plugins that the consumer brings', async (t) => {
    let headers = 'X-Consumer: tom\r\n';
    const { send } = await judged(t, () => answer('', headers), 'consumer_header: X-Consumer', 'consumers: [{username: tom}, {username: eve, plugins: {ip-restriction: {blacklist: [127.0.0.1]}}}]');
    const { seen } = await send('/', 'X-Consumer-Username: root\r\n');
    assert.deepEqual(seen && values(seen, 'x-consumer-username'), ['tom']);
    headers = 'X-Consumer: eve\r\n';
    assert.equal((await send()).status, 403);
    headers = 'X-Consumer: nobody\r\n';
    assert.deepEqual([(await send()).status, (await send()).answer.body], [403, 'consumer not found']);
    headers = '';
    assert.equal((await send()).answer.body, 'consumer header missing in auth response');
  });

  test('keeps its connections over a reload, and closes them when its configuration is gone', async (t) => {
    const { service, send, edit } = await judged(t, yes);
    await send();
    edit(`{forward-auth: {uri: "http://127.0.0.1:${service.port}/other"}}`);
    await send();
    assert.deepEqual([service.requests.map(({ target }) => target), service.sockets.length], [['/check?a=1', '/other'], 1]);
    edit('{}');
    await until(() => service.open() === 0);
  });

  test('does not keep connections when it is told not to', async (t) => {
    const { service, send } = await judged(t, yes, 'keepalive: false');
    await send();
    await send();
    assert.equal(service.sockets.length, 2);
  });

  test('refuses a file with what is no address, and with headers that have a meaning of their own', () => {
    const to = 'uri: "https://auth.example/"';
    for (const options of ['{}', '{uri: auth.example}', '{uri: "ftp://auth.example/"}', '{uri: "https://user:word@auth.example/"}', `{${to}, request_headers: [Content-Length]}`, `{${to}, extra_headers: {Host: a}}`, `{${to}, extra_headers: {"a b": a}}`, `{${to}, extra_headers: {X-A: "$nothing"}}`, `{${to}, upstream_headers: [X-Consumer-Username]}`, `{${to}, client_headers: [Transfer-Encoding]}`, `{${to}, request_method: PUT}`, `{${to}, timeout: 0}`, `{${to}, status_on_error: 600}`]) {
      assert.match(told(`{forward-auth: ${options}}`).join('\n'), /^error/m, options);
    }
    assert.deepEqual(told(`{forward-auth: {${to}}}`), []);
    // a consumer without a credential is one that the service may name
    assert.deepEqual(told(`{forward-auth: {${to}, consumer_header: X-Consumer}}`, 'consumers: [{username: tom}]'), []);
  });
});
