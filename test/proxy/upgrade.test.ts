import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { connect, get, until } from '../support/raw.js';
import { statusOf, values } from '../support/message.js';
import { answer, startUpstream } from '../support/upstream.js';
import { handshake, tunnelTo } from '../support/websocket.js';

const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n';
const BODY = 'x'.repeat(100_000);
const WEBSOCKET = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n';

/** What offers an upgrade that is not taken: head, body as sent, body as meant. */
const offers: Readonly<Record<string, readonly [string, string, string]>> = {
  'a GET for h2c': [get('/', H2C), '', ''],
  'a POST for h2c with a length': [get('/', `${H2C}Content-Length: ${BODY.length}\r\n`, 'POST'), BODY, BODY],
  'a POST for h2c in chunks': [get('/', `${H2C}Transfer-Encoding: chunked\r\n`, 'POST'), `186a0\r\n${BODY}\r\n0\r\n\r\n`, BODY],
  'a POST for h2c without a body': [get('/', `${H2C}Content-Length: 0\r\n`, 'POST'), '', ''],
  'a POST for a WebSocket': [get('/', `${WEBSOCKET}Content-Length: 2\r\n`, 'POST'), 'hi', 'hi'],
  'a GET for a WebSocket with a body': [get('/', `${WEBSOCKET}Content-Length: 2\r\n`), 'hi', 'hi'],
  'a GET for a WebSocket without a key': [get('/', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), '', ''],
  'a handshake of HTTP/1.0': [handshake().replace('HTTP/1.1', 'HTTP/1.0'), '', ''],
  'a handshake without Connection': [handshake().replace('Connection: Upgrade\r\n', ''), '', ''],
};

for (const [where, yaml] of [['with enable_websocket', tunnelTo], ['without', openTo]] as const) {
  describe(`an upgrade that is not taken, on a route ${where}`, { timeout: 60_000 }, () => {
    for (const [what, [head, sent, meant]] of Object.entries(offers)) {
      for (const pieces of [1, 2]) {
        it(`${what} is served as it is, in ${pieces}`, async (t) => {
          const upstream = await startUpstream(t, (request) => answer(`got ${request.body.length}`));
          const gateway = await startGateway(t, yaml(upstream.port));
          const client = await connect(t, gateway.port);
          client.send(pieces === 1 ? head + sent : head);
          if (pieces === 2) await until(() => gateway.gateway.table.inFlight === 1 || upstream.requests.length === 1);
          if (pieces === 2 && sent !== '') client.send(sent);
          const message = (await client.response()) ?? assert.fail('cut');
          assert.deepEqual([statusOf(message), message.body], [200, `got ${meant.length}`]);
          const [request] = upstream.requests;
          assert.equal(request?.body, meant);
          assert.deepEqual(['connection', 'upgrade', 'http2-settings'].flatMap((name) => request ? values(request, name) : []), []);
        });
      }
    }
  });
}

describe('CONNECT', { timeout: 60_000 }, () => {
  const ends = async (gateway: TestGateway, bytes: string, t: { after(close: () => unknown): void }): Promise<string> => (await connect(t, gateway.port)).send(bytes).end();

  it('is answered with 405, and its connection closed', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    for (const headers of ['', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', H2C]) {
      assert.match(await ends(gateway, get('test.local:443', headers, 'CONNECT'), t), /^HTTP\/1\.1 405 [^]*Connection: close\r\n/);
    }
    assert.equal(upstream.sockets.length, 0);
  });

  it('behind a request that is still to be answered closes the connection', async (t) => {
    const upstream = await startUpstream(t, () => undefined);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    await ends(gateway, get('/') + get('test.local:443', '', 'CONNECT'), t);
    await until(() => upstream.open() === 0 && gateway.gateway.table.inFlight === 0);
  });
});

describe('a handshake that comes with a request that is refused at once', () => {
  const refused: Readonly<Record<string, string>> = {
    'for want of a Host': 'GET / HTTP/1.1\r\nA: b\r\n\r\n',
    'for what it expects': 'GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n',
    'for two Hosts': 'GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n',
    'for its target': 'GET /% HTTP/1.1\r\nHost: h\r\n\r\n',
  };
  for (const [why, request] of Object.entries(refused)) {
    it(`${why} ends with its connection`, async (t) => {
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, tunnelTo(upstream.port));
      const client = (await connect(t, gateway.port)).send(request + handshake());
      assert.match(await client.end(), /^HTTP\/1\.1 4(00|17) /);
      assert.equal(upstream.requests.length, 0);
    });
  }
});
