import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Pool } from '../../src/http1/index.js';
import { pem } from '../support/secure-upstream.js';
import { always, get, Recorder, WholeRecorder } from './support.js';

const [cert, key, ca] = [pem('server'), pem('server.key'), pem('ca')];

async function secure(t: TestContext, tls: ConnectionOptions, response: string): Promise<{ pool: Pool; sockets: TLSSocket[]; resumed: boolean[] }> {
  const sockets: TLSSocket[] = [];
  const resumed: boolean[] = [];
  const server = createServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    sockets.push(socket);
    resumed.push(socket.isSessionReused());
    always(response)(socket);
  });
  server.on('tlsClientError', () => {}).listen(0);
  await once(server, 'listening');
  const pool = new Pool({ host: 'localhost', port: (server.address() as AddressInfo).port, tls, size: 4, idleTimeout: 1000, requests: 2 });
  t.after(() => {
    pool.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { pool, sockets, resumed };
}

const BODY = 'x'.repeat(100_000);
const RESPONSE = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

test('TLS: verified by name, HTTP/1.1 by ALPN, kept, and resumed on the next connection', async (t) => {
  const { pool, sockets, resumed } = await secure(t, { ca }, RESPONSE);
  for (let i = 0; i < 4; i++) {
    const sink = new WholeRecorder();
    pool.send(get(), sink);
    assert.equal((await sink.done).body, BODY, sink.fault?.message);
  }
  assert.equal(sockets.length, 2);
  assert.deepEqual(sockets.map((socket) => socket.alpnProtocol), ['http/1.1', 'http/1.1']);
  assert.deepEqual(resumed, [false, true]);
});

test('TLS: what is handed to the sink is its own', async (t) => {
  const { pool } = await secure(t, { ca }, RESPONSE);
  const [first, second] = [new Recorder(), new Recorder()];
  pool.send(get(), first);
  await first.done;
  pool.send(get(), second);
  await second.done;
  assert.equal(first.body, BODY);
});

test('TLS: a certificate that is not trusted is a connect fault, with nothing sent', async (t) => {
  const { pool } = await secure(t, {}, RESPONSE);
  const sink = new Recorder();
  pool.send(get(), sink);
  const { fault } = await sink.done;
  assert.equal(fault?.kind, 'connect');
  assert.match(fault?.code ?? '', /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/);
  assert.equal(fault?.bytesSent, 0);
});
