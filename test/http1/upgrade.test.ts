import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { ResponseHead } from '../../src/http1/index.js';
import { always, bench, get, OK, Recorder } from './support.js';

const UPGRADE = { ...get(), upgrade: true };

test('101: the socket is handed over with the first bytes, and the pool forgets it', async (t) => {
  const { send, pool, sockets } = await bench(t, always(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\nfirst'));
  const sink = new (class extends Recorder {
    override onUpgrade(head: ResponseHead, socket: Socket, first: Buffer): void {
      socket.on('data', (chunk) => { seen += chunk.toString(); });
      super.onUpgrade(head, socket, first);
    }
  })();
  let seen = '';
  send(UPGRADE, sink);
  await sink.done;
  assert.equal(sink.first?.toString(), 'first');
  assert.deepEqual(sink.head?.headers, ['Sec-WebSocket-Accept', 'x', 'Connection', 'Upgrade', 'Upgrade', 'websocket']);
  assert.equal(pool.stats().open, 0);
  const { socket } = sink;
  socket?.resume();
  sockets[0]?.write('tunnelled');
  await once(socket ?? assert.fail(), 'data');
  assert.equal(seen, 'tunnelled');
  const failed = once(socket ?? assert.fail(), 'error');
  sockets[0]?.resetAndDestroy();
  await failed;
  assert.deepEqual(sink.events, ['upgrade']);
});

test('another answer than 101 is a response like any other, and the connection is kept', async (t) => {
  const { fetch, send, pool, sockets } = await bench(t, always(OK));
  assert.equal((await send(UPGRADE).sink.done).body, 'ok');
  assert.equal(pool.stats().idle, 1);
  assert.equal((await fetch()).body, 'ok');
  assert.equal(sockets.length, 1);
});

test('an upgrade takes a fresh connection', async (t) => {
  const { fetch, send, sockets } = await bench(t, always(OK));
  await fetch();
  await send(UPGRADE).sink.done;
  assert.equal(sockets.length, 2);
});
