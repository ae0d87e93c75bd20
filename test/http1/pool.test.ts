import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Pool, type ResponseHead } from '../../src/http1/index.js';
import { always, bench, get, OK, PATIENT, perRequest, post, Recorder, WholeRecorder } from './support.js';

test('connections are reused, the last released first', async (t) => {
  const seen: (number | undefined)[] = [];
  const { send, fetch, pool } = await bench(t, perRequest((socket) => {
    seen.push(socket.remotePort);
    socket.write(OK);
  }));
  await Promise.all([send().sink.done, send().sink.done, send().sink.done]);
  assert.deepEqual(pool.stats(), { open: 3, idle: 3, busy: 0 });
  const last = seen[2];
  await fetch();
  await fetch();
  assert.deepEqual(seen.slice(3), [last, last]);
});

test('no more idle connections are kept than asked for', async (t) => {
  const { send, pool } = await bench(t, always(OK), { size: 1 });
  await Promise.all([send().sink.done, send().sink.done]);
  assert.deepEqual(pool.stats(), { open: 1, idle: 1, busy: 0 });
});

test('an idle connection is closed after its time, and the clock is left alone then', async (t) => {
  const { fetch, pool, ticker } = await bench(t, always(OK), { idleTimeout: 1000 });
  await fetch();
  ticker.advance(900);
  assert.equal(pool.stats().idle, 1);
  ticker.advance(200);
  assert.equal(pool.stats().open, 0);
  assert.equal(ticker.watchers.size, 0);
});

test("an upstream's shorter Keep-Alive timeout wins, by a second", async (t) => {
  const { fetch, pool, ticker } = await bench(t, always('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3, max=9\r\nContent-Length: 0\r\n\r\n'));
  await fetch();
  ticker.advance(1800);
  assert.equal(pool.stats().idle, 1);
  ticker.advance(300);
  assert.equal(pool.stats().open, 0);
});

test('a connection is closed after its number of requests', async (t) => {
  const { fetch, sockets } = await bench(t, always(OK), { requests: 2 });
  for (let i = 0; i < 5; i++) await fetch();
  assert.equal(sockets.length, 3);
});

test('close() ends idle connections at once and busy ones after their exchange', async (t) => {
  const { send, fetch, pool, sockets } = await bench(t, perRequest((socket, count) => { if (count < 1) socket.write(OK); }));
  await fetch();
  const { sink } = send();
  const { sink: other } = send();
  assert.deepEqual(pool.stats(), { open: 2, idle: 0, busy: 2 });
  pool.close();
  assert.equal(pool.stats().busy, 2);
  await once(sockets[0] ?? assert.fail(), 'data');
  while (sockets.length < 2 || sockets[1]?.bytesRead === 0) await new Promise((resolve) => setImmediate(resolve));
  for (const socket of sockets) socket.write(OK);
  assert.equal((await sink.done).body + (await other.done).body, 'okok');
  assert.equal(pool.stats().open, 0);
});

test('close() with idle connections only', async (t) => {
  const { fetch, pool, sockets } = await bench(t, always(OK));
  await fetch();
  const closed = once(sockets[0] ?? assert.fail(), 'close');
  pool.close();
  assert.deepEqual(pool.stats(), { open: 0, idle: 0, busy: 0 });
  await closed;
});

test('an idle connection that the upstream ends is forgotten', async (t) => {
  const { fetch, pool, sockets } = await bench(t, always(OK));
  await fetch();
  sockets[0]?.end();
  while (pool.stats().open > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await fetch()).body, 'ok');
  assert.equal(sockets.length, 2);
});

test('bytes on an idle connection destroy it: they cannot become the answer to the next request', async (t) => {
  const { fetch, pool, sockets } = await bench(t, always(OK));
  await fetch();
  sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison');
  while (pool.stats().open > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await fetch()).body, 'ok');
});

for (const [how, hangUp] of [
  ['FIN', (socket: import('node:net').Socket) => void socket.end()],
  ['RST', (socket: import('node:net').Socket) => void socket.resetAndDestroy()],
] as const) {
  test(`a reused connection closed by ${how} before the response is worth a retry`, async (t) => {
    const { fetch } = await bench(t, perRequest((socket, count) => {
      if (count === 1) hangUp(socket);
      else socket.write(OK);
    }));
    await fetch();
    const { fault } = await fetch();
    assert.equal(fault?.kind, 'reset');
    assert.equal(fault?.reusedSocket, true);
    assert.equal(fault?.retryable, true);
    assert.equal((await fetch()).body, 'ok');
  });
}

test('a closed connection is not worth a retry when it was new, or when something was heard', async (t) => {
  const { fetch } = await bench(t, perRequest((socket, count) => {
    if (count === 0) socket.end();
    else if (count === 2) socket.end('HTTP/1.1 2');
    else socket.write(OK);
  }));
  assert.equal((await fetch()).fault?.retryable, false);
  await fetch();
  const { fault } = await fetch();
  assert.equal(fault?.reusedSocket, true);
  assert.equal(fault?.retryable, false);
});

test('a refused connection is told, with nothing sent', async (t) => {
  const { port, server } = await bench(t, always(OK));
  server.close();
  await once(server, 'close');
  const pool = new Pool({ host: '127.0.0.1', port, size: 1, idleTimeout: 1000, requests: 1 });
  const sink = new Recorder();
  pool.send(post(2), sink).write(Buffer.from('ab'));
  const { fault } = await sink.done;
  assert.equal(fault?.kind, 'connect');
  assert.equal(fault?.code, 'ECONNREFUSED');
  assert.equal(fault?.bytesSent, 0);
  assert.equal(pool.stats().open, 0);
});

test('names are resolved', async (t) => {
  const { port } = await bench(t, always(OK));
  const pool = new Pool({ host: 'localhost', port, size: 1, idleTimeout: 1000, requests: 10 });
  t.after(() => pool.close());
  const sink = new Recorder();
  pool.send(get(), sink);
  assert.equal((await sink.done).body, 'ok');
});

test('what a sink sends when a response has ended uses the same connection', async (t) => {
  const { send, sockets } = await bench(t, always(OK));
  const next = new WholeRecorder();
  const sink = new (class extends WholeRecorder {
    override onWhole(head: ResponseHead, body: string): void {
      super.onWhole(head, body);
      send(get(), next);
    }
  })();
  send(get(), sink);
  await next.done;
  assert.equal(sockets.length, 1);
});

for (const where of ['onHead', 'onData', 'onEnd', 'onFault', 'onDrain'] as const) {
  test(`what ${where} throws surfaces, and leaves a pool that works`, async (t) => {
    const { send, fetch, pool } = await bench(t, perRequest((socket, count) => {
      if (count > 0 || where === 'onHead' || where === 'onData' || where === 'onEnd') socket.write(OK);
      else if (where === 'onFault') socket.end();
    }));
    const sink = new Recorder();
    sink[where] = () => { throw new Error(`from ${where}`); };
    const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    const large = post('chunked', { timeouts: PATIENT });
    const { exchange } = send(where === 'onDrain' ? large : get(), sink);
    if (where === 'onDrain') exchange.write(Buffer.alloc(100_000));
    assert.match(String(await thrown), new RegExp(`from ${where}`));
    process.setUncaughtExceptionCaptureCallback(null);
    assert.equal(pool.stats().busy, 0);
    assert.equal((await fetch()).body, 'ok');
  });
}

test('abort() destroys the connection and silences the sink; after the end it does nothing', async (t) => {
  const { send, pool } = await bench(t, always(OK));
  const aborted = send();
  aborted.exchange.abort();
  assert.equal(pool.stats().open, 0);
  const { sink, exchange } = send();
  await sink.done;
  exchange.abort();
  exchange.resume();
  assert.equal(exchange.write(Buffer.from('x')), true);
  exchange.end();
  assert.equal(pool.stats().idle, 1);
  assert.deepEqual(aborted.sink.events, []);
});

test('abort() within a call stops what else was read', async (t) => {
  const { send, fetch } = await bench(t, always('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n'));
  const sink = new (class extends Recorder {
    override onData(chunk: Buffer): boolean {
      exchange.abort();
      return super.onData(chunk);
    }
  })();
  const { exchange } = send(get(), sink);
  while (sink.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await fetch()).body, 'ab');
  assert.equal(sink.body, 'a');
  assert.deepEqual(sink.events, ['head']);
});
