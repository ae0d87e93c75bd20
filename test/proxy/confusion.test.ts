import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, connect, get, until } from '../support/raw.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';

/** A gateway with one guarded prefix beside an open route that takes everything else; sends a target, resolves to the status. */
async function beside(t: TestContext, uri: string, more = '') {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, `
routes:
  - {id: guarded, uri: "${uri}", upstream_id: up, plugins: {key-auth: {}}${more}}
  - {id: open, uri: /*, upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`);
  return async (target: string, method = 'GET'): Promise<number> => {
    const message = await ask(gateway.port, get(target, '', method));
    return message ? statusOf(message) : 0;
  };
}

suite('a guarded prefix beside an open route', () => {
  test('is not left by bytes that are no UTF-8', async (t) => {
    const send = await beside(t, '/café/*');
    for (const target of ['/caf%C3%A9/x', '/caf%C3%A9/x%FF', '/caf%C3%A9/x%EF%BF%BD', '/caf%c3%a9/%C3']) assert.equal(await send(target), 401, target);
    await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 6 }), async (bytes) => {
      const tail = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      assert.ok([400, 401].includes(await send(`/caf%C3%A9/x${tail}`)), tail);
    }), { numRuns: 60 });
  });

  test('is not passed by slashes that only decoding shows, nor by letters that only a second one does', async (t) => {
    const send = await beside(t, '/admin/*');
    for (const target of ['/%2Fadmin/x', '/%2f%2fadmin/x', '/x/..%2fadmin/x', '/%2561dmin/x', '/admin%252Fx', '/%252e/admin/x']) assert.equal(await send(target), 400, target);
    assert.equal(await send('/admin%2Fx'), 401);
  });

  test('is not passed by parameters that some servers cut off', async (t) => {
    const send = await beside(t, '/admin/*');
    for (const target of ['/admin;a/x', '/admin;/x', '/%61dmin;v=1/x']) assert.equal(await send(target), 400, target);
    assert.equal(await send('/admin/x;v=1'), 401);
    assert.equal(await send('/other;v=1/x'), 200);
  });

  test('takes every method when it lists none', async (t) => {
    const send = await beside(t, '/admin', ', methods: []');
    for (const method of ['GET', 'POST', 'DELETE']) assert.equal(await send('/admin', method), 401);
  });
});

test('a host is what it is in any spelling, or is refused', async (t) => {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, `
routes:
  - {id: named, uri: /*, host: admin.example., upstream_id: up, plugins: {key-auth: {}}}
  - {id: six, uri: /*, host: "[::1]", upstream_id: up, plugins: {key-auth: {}}}
  - {id: open, uri: /*, upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`);
  const status = async (host: string): Promise<number> => statusOf((await ask(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)) ?? assert.fail(host));
  for (const host of ['admin.example', 'admin.example.', 'ADMIN.example:80', '[::1]', '[0:0:0:0:0:0:0:1]:80']) assert.equal(await status(host), 401, host);
  for (const host of ['admin.example..', 'admin%2eexample', 'admin.example;x']) assert.equal(await status(host), 400, host);
  assert.equal(await status('other.example'), 200);
});

test('a connection whose request was answered early is closed when it falls silent', async (t) => {
  const upstream = await startHostile(t, (socket) => socket.once('data', () => socket.end(answer('early', 'Connection: close\r\n'))));
  const gateway = await startGateway(t, `
gateway: {client_timeouts: {header: 0.4, body: 0.4, idle: 0.4}}
routes: [{id: all, uri: /*, upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}]`);
  for (const rest of ['', '12345678']) {
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nab');
    await until(() => client.received.includes('early'));
    client.send(rest);
    await client.end(3000);
  }
});
