import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { headerValues, isFault, Outbound, type OutboundOptions, type OutboundResponse } from '../../src/outbound/outbound.js';
import { until } from '../support/raw.js';
import { answer, refusing, startHostile, startUpstream, type Script } from '../support/upstream.js';

const OPTIONS: OutboundOptions = { timeout: 2000, verify: true, idle: { most: 2, timeout: 60_000 }, limit: 1000 };

async function server(t: TestContext, options: Partial<OutboundOptions> = {}, script?: Script) {
  const upstream = await startUpstream(t, script);
  const outbound = new Outbound({ ...OPTIONS, ...options });
  t.after(() => outbound.close());
  const url = new URL(`http://127.0.0.1:${upstream.port}/check?a=1`);
  return { upstream, outbound, get: (headers: string[] = []) => outbound.send({ method: 'GET', url, headers }), post: (body: string) => outbound.send({ method: 'POST', url, headers: [], body }) };
}

function whole(result: Awaited<ReturnType<Outbound['send']>>): OutboundResponse {
  if (isFault(result)) return assert.fail(result.failed);
  return result;
}

const failureOf = (result: Awaited<ReturnType<Outbound['send']>>): string | undefined => (isFault(result) ? result.failed : undefined);

suite('requests of the gateway\'s own', () => {
  test('go to their path with their headers and body, and come back whole', async (t) => {
    const { upstream, get, post } = await server(t, {}, () => answer('yes', 'X-A: 1\r\nx-a: 2\r\n', '201 Created'));
    const { status, body, ...rest } = whole(await get(['X-B', '1', 'X-B', '2']));
    assert.deepEqual([status, body.toString(), headerValues({ status, body, ...rest }, 'x-a')], [201, 'yes', ['1', '2']]);
    const [first] = upstream.requests;
    assert.equal(first?.target, '/check?a=1');
    assert.deepEqual(first.headers.filter(([name]) => name === 'X-B'), [['X-B', '1'], ['X-B', '2']]);
    whole(await post('text'));
    assert.deepEqual([upstream.requests[1]?.method, upstream.requests[1]?.body], ['POST', 'text']);
  });

  test('do not follow redirects', async (t) => {
    const { upstream, get } = await server(t, {}, () => answer('', 'Location: /elsewhere\r\n', '302 Found'));
    assert.equal(whole(await get()).status, 302);
    assert.equal(upstream.requests.length, 1);
  });

  test('share a connection; what goes beyond those that may stay open closes its own', async (t) => {
    const { upstream, get } = await server(t);
    for (let i = 0; i < 6; i++) whole(await get());
    assert.ok(upstream.sockets.length <= 2);
    await Promise.all(Array.from({ length: 6 }, () => get()));
    await until(() => upstream.open() <= 2);
  });

  test('close their connections when they are told to keep none', async (t) => {
    const { upstream, get } = await server(t, { idle: undefined });
    for (let i = 0; i < 2; i++) whole(await get());
    assert.equal(upstream.sockets.length, 2);
    assert.ok(upstream.requests.every(({ headers }) => headers.some(([name, value]) => name.toLowerCase() === 'connection' && value === 'close')));
  });

  test('end in time when the server is silent, in its head or in its body', async (t) => {
    for (const reply of [undefined, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab']) {
      const { get } = await server(t, { timeout: 100 }, () => reply);
      const began = performance.now();
      assert.equal(failureOf(await get()), 'timeout');
      assert.ok(performance.now() - began < 1500);
    }
  });

  test('leave no connection behind when the server was silent', async (t) => {
    const { upstream, get } = await server(t, { timeout: 100 }, () => undefined);
    const failures = await Promise.all(Array.from({ length: 6 }, async () => failureOf(await get())));
    assert.deepEqual(failures, Array<string>(6).fill('timeout'));
    await until(() => upstream.open() === 0);
    assert.equal(failureOf(await get()), 'timeout');
    assert.equal(upstream.sockets.length, 7, 'none was opened besides');
  });

  test('fail with a code when nobody listens, when the answer is no HTTP, and when it is cut', async (t) => {
    const outbound = new Outbound(OPTIONS);
    t.after(() => outbound.close());
    assert.equal(failureOf(await outbound.send({ method: 'GET', url: new URL(`http://127.0.0.1:${await refusing()}/`), headers: [] })), 'ECONNREFUSED');
    for (const bytes of ['nonsense\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab']) {
      const { port } = await startHostile(t, (socket) => socket.end(bytes));
      assert.match(failureOf(await outbound.send({ method: 'GET', url: new URL(`http://127.0.0.1:${port}/`), headers: [] })) ?? '', /^[A-Za-z_]+$/);
    }
  });

  test('take no answer that is larger than it may be', async (t) => {
    const { get } = await server(t, {}, () => answer('a'.repeat(1001)));
    assert.equal(failureOf(await get()), 'too-large');
    const fits = await server(t, {}, () => answer('a'.repeat(1000)));
    assert.equal(whole(await fits.get()).body.length, 1000);
  });

  test('are cut when their configuration is gone, and none begins afterwards', async (t) => {
    const { upstream, outbound, get } = await server(t, {}, () => undefined);
    const under = get();
    await until(() => upstream.requests.length === 1);
    outbound.close();
    assert.notEqual(failureOf(await under), undefined);
    assert.equal(failureOf(await get()), 'closed');
    await until(() => upstream.open() === 0);
  });

  test('carry no line break into a header', async (t) => {
    const { upstream, get } = await server(t);
    assert.equal(failureOf(await get(['X-B', 'a\r\nX-C: 1'])), 'UND_ERR_INVALID_ARG');
    assert.equal(upstream.requests.length, 0);
  });
});
