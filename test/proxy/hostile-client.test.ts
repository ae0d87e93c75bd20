import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, connect, get, until, type RawClient } from '../support/raw.js';
import { closing, openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { answer, startHostile, startUpstream, type RawUpstream } from '../support/upstream.js';

/** What a client sends in one go, and the statuses of the answers that it gets before it is cut off or lets go. */
const CASES: readonly (readonly [name: string, bytes: string, statuses: readonly number[]])[] = [
  ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
  ['a page of NUL', '\0'.repeat(4096), [400]],
  ['a line without a version', 'GET /x\r\n\r\n', [400, 200]],
  ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: h\r\n\r\n', [400, 505]],
  ['HTTP/9.9', 'GET / HTTP/9.9\r\nHost: h\r\n\r\n', [400, 505]],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
  ['CONNECT', 'CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n', [400, 404, 405, 501]],
  ['CONNECT with a body', 'CONNECT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi', [400, 404, 405, 501]],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: h\r\n\r\n', [405]],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: h\r\n\r\n', [400, 501]],
  ['a method in small letters', 'get / HTTP/1.1\r\nHost: h\r\n\r\n', [400, 501]],
  ['a broken IPv6 target', 'GET http://[::1 HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  ['a target with a port beyond all ports', 'GET http://evil:99999/x HTTP/1.1\r\nHost: h\r\n\r\n', [200, 400]],
  ['a broken target on an upgrade', 'GET http://[::1 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', [400]],
  ['an h2c upgrade', 'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n', [200]],
  ['an upgrade by POST', 'POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi', [200]],
  ['an upgrade to nonsense', 'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: \xff\r\n\r\n', [200, 400]],
  ['a target of 40 KB', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, [431, 414]],
  ['a method of 40 KB', `${'X'.repeat(40_000)} / HTTP/1.1\r\nHost: h\r\n\r\n`, [400, 431]],
  ['a tab in the target', 'GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n', [400]],
  ['a bad chunk', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n', [400]],
  ['a bad chunk after a good one', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nZZ\r\n', [400]],
  ['a length beyond all numbers', `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${'9'.repeat(40)}\r\n\r\n`, [400, 413]],
  ['a header of names that objects have', 'GET / HTTP/1.1\r\nHost: h\r\n__proto__: x\r\nconstructor: y\r\n\r\n', [200]],
  ['colons only', 'GET / HTTP/1.1\r\n:::\r\n\r\n', [400]],
  ['garbage after a good request', `${get('/1')}\x00garbage\r\n\r\n`, [200, 400]],
  ['garbage in the pipeline', `${get('/1')}${get('/2')}NONSENSE\r\n\r\n${get('/3')}`, [200, 200, 400]],
  ['ten requests in one go', Array.from({ length: 10 }, (_, i) => get(`/${i}`)).join(''), Array.from({ length: 10 }, () => 200)],
  ['a request after an upgrade', get('/1', 'Connection: Upgrade\r\nUpgrade: h2c\r\n') + get('/2'), [200, 200]],
  ['blank lines before a request', `\r\n\r\n${get('/')}`, [200]],
];

describe('a client that sends', () => {
  const suite = closing();
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  let upstream: RawUpstream;
  let gateway: TestGateway;
  before(async () => {
    process.on('uncaughtException', note);
    upstream = await startUpstream(suite, ({ target }) => answer(target));
    gateway = await startGateway(suite, openTo(upstream.port));
  });
  after(() => {
    process.off('uncaughtException', note);
    assert.deepEqual(uncaught, []);
  });
  const alive = async (): Promise<void> => assert.equal(statusOf((await ask(gateway.port, get('/alive'))) ?? assert.fail('cut')), 200);
  const drained = (): Promise<void> => until(() => gateway.gateway.table.inFlight === 0, 2000, 'requests stay in flight');

  for (const [name, bytes, statuses] of CASES) {
    it(`${name} gets whole answers or a closed connection`, async (t) => {
      const client = (await connect(t, gateway.port)).send(bytes);
      const wanted = statuses.every((s) => s === 200) ? statuses.length : 1;
      for (let i = 0; i < wanted; i++) {
        const message = await client.response();
        if (!message) break;
        assert.ok(statuses.includes(statusOf(message)), message.start);
      }
      client.socket.destroy();
      await drained();
      await alive();
      assert.deepEqual(upstream.garbage, []);
    });

    it(`${name}, and leaves with a reset at once`, async (t) => {
      const client = await connect(t, gateway.port);
      client.socket.write(bytes, 'latin1', () => client.socket.resetAndDestroy());
      await until(() => client.closed);
      await alive();
      await drained();
    });
  }

  it('requests in one go gets the answers in their order', async (t) => {
    const client = (await connect(t, gateway.port)).send(Array.from({ length: 50 }, (_, i) => get(`/${i}`)).join(''));
    for (let i = 0; i < 50; i++) assert.equal((await client.response())?.body, `/${i}`);
  });

  it('its head byte by byte is served', async (t) => {
    const client = await connect(t, gateway.port);
    for (const byte of get('/slow')) await new Promise((sent) => client.socket.write(byte, sent));
    assert.equal((await client.response())?.body, '/slow');
  });

  it('its key too late is refused before its body came', async (t) => {
    const refusing = await startGateway(t, 'routes: [{id: a, uri: /*, plugins: {key-auth: {}}}]');
    const client = (await connect(t, refusing.port)).send('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n');
    const message = await client.response();
    assert.equal(message && statusOf(message), 401);
    await client.end();
  });
});

describe('a client that leaves', () => {
  const silent = 'timeout: {connect: 5, send: 5, read: 5}';
  const leave = { 'a FIN': (c: RawClient) => void c.socket.end(), 'a reset': (c: RawClient) => void c.socket.resetAndDestroy(), 'a destroyed socket': (c: RawClient) => void c.socket.destroy() };

  for (const [how, go] of Object.entries(leave)) {
    for (const [phase, request, reply] of [
      ['while the upstream thinks', get('/'), ''],
      ['within its own body', 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhi', ''],
      ['within its own chunks', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n', ''],
      ['within the answer\'s head', get('/'), 'HTTP/1.1 200 OK\r\nX: y\r\n'],
      ['within the answer', get('/'), 'HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\nsome'],
      ['within the answer\'s chunks', get('/'), 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n'],
      ['with others waiting in its pipeline', get('/1') + get('/2') + get('/3'), ''],
    ] as const) {
      it(`${phase}, with ${how}: the upstream's connection ends within 250 ms`, async (t) => {
        const upstream = await startHostile(t, (socket) => socket.once('data', () => socket.write(reply)));
        const gateway = await startGateway(t, openTo(upstream.port, silent));
        const client = (await connect(t, gateway.port)).send(request);
        const streams = reply.includes('\r\n\r\n');
        await until(() => upstream.sockets.length > 0 && upstream.sockets[0]?.bytesRead !== 0 && (!streams || client.received.includes('some')));
        go(client);
        await until(() => upstream.open() === 0, 250, 'the upstream connection stays');
        await until(() => gateway.gateway.table.inFlight === 0, 250, 'the request stays in flight');
      });
    }
  }
});
