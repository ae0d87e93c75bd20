import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Pool } from '../../src/http1/index.js';
import { bench, OK, post, Recorder } from './support.js';

interface Received { readonly body: string; readonly trailers: string[]; readonly socket: Socket }

/** A node:http server that keeps what it receives, and a pool for it. */
async function receiver(t: TestContext): Promise<{ pool: Pool; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (req: IncomingMessage, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    received.push({ body: Buffer.concat(chunks).toString('latin1'), trailers: req.rawTrailers, socket: req.socket });
    res.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pool = new Pool({ host: '127.0.0.1', port, size: 10, idleTimeout: 60_000, requests: 1000 });
  t.after(() => {
    pool.close();
    server.closeAllConnections();
    server.close();
  });
  return { pool, received };
}

const LARGE = Buffer.alloc(20_000, 'abc');

test('counted and chunked bodies arrive as written, over one connection', async (t) => {
  const { pool, received } = await receiver(t);
  const bodies = [[Buffer.from('h\xe9llo', 'latin1')], [LARGE], [Buffer.from('a'), LARGE, Buffer.alloc(0), Buffer.from('z')], []];
  for (const pieces of bodies) {
    const whole = Buffer.concat(pieces);
    for (const framing of [whole.length, 'chunked'] as const) {
      const sink = new Recorder();
      const exchange = pool.send(post(framing), sink);
      for (const piece of pieces) exchange.write(piece);
      if (framing !== 0) exchange.end();
      assert.equal((await sink.done).body, 'ok', sink.fault?.message);
      assert.equal(received.at(-1)?.body, whole.toString('latin1'));
    }
  }
  assert.equal(new Set(received.map(({ socket }) => socket)).size, 1);
});

test('a head whose body comes later does not wait for it', async (t) => {
  const { send } = await bench(t, (socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')));
  assert.deepEqual((await send(post(5)).sink.done).events, ['head', 'end']);
});

test('trailers are sent, without those that may not be and those that would break the section', async (t) => {
  const { pool, received } = await receiver(t);
  const sink = new Recorder();
  const exchange = pool.send(post('chunked'), sink);
  exchange.write(Buffer.from('x'));
  exchange.end(['X-Sum', '7', 'Content-Length', '1', 'Bad Name', '1', 'X-Bad', 'a\r\nb', 'x-last', '']);
  await sink.done;
  assert.deepEqual(received[0]?.trailers, ['X-Sum', '7', 'x-last', '']);
});

for (const [what, write] of [['less', 'abc'], ['more', 'abcdef'], ['nothing', '']] as const) {
  test(`a body that differs from what was announced ends the connection: ${what}`, async (t) => {
    const { send, pool } = await bench(t, () => {});
    const { sink, exchange } = send(post(5));
    exchange.write(Buffer.from(write));
    exchange.end();
    assert.equal((await sink.done).fault?.kind, 'request');
    assert.equal(pool.stats().open, 0);
    exchange.write(Buffer.from('more'));
    exchange.end();
    assert.deepEqual(sink.events, ['fault request']);
  });
}

test('bytes after the announced ones never leave', async (t) => {
  let seen = '';
  const { send } = await bench(t, (socket) => socket.on('data', (chunk) => {
    seen += chunk.toString();
    if (seen.endsWith('abcde')) socket.write(OK);
  }));
  const { sink, exchange } = send(post(5));
  exchange.write(Buffer.from('abcde'));
  await sink.done;
  exchange.write(Buffer.from('GET /admin HTTP/1.1\r\n\r\n'));
  exchange.end();
  assert.ok(seen.endsWith('abcde'));
});

test('a response before the end of the request is delivered, and ends the connection', async (t) => {
  const { send, pool } = await bench(t, (socket) => socket.once('data', () => socket.write(OK)));
  const { sink, exchange } = send(post('chunked'));
  exchange.write(Buffer.from('x'));
  assert.equal((await sink.done).body, 'ok');
  assert.equal(exchange.write(Buffer.from('y')), true);
  exchange.end();
  assert.equal(pool.stats().open, 0);
  assert.deepEqual(sink.events, ['drain', 'head', 'end']);
});

test('Expect: the head leaves alone, 100 is told, and the body follows', async (t) => {
  let seen = '';
  const { send, pool } = await bench(t, (socket) => socket.on('data', (chunk) => {
    seen += chunk.toString();
    if (seen.endsWith('\r\n\r\n')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (seen.endsWith('abcde')) socket.write(OK);
  }));
  const sink = new (class extends Recorder {
    override onInformational(head: import('../../src/http1/index.js').ResponseHead): void {
      super.onInformational(head);
      exchange.write(Buffer.from('abcde'));
    }
  })();
  const { exchange } = send(post(5, { expectContinue: true }), sink);
  await sink.done;
  assert.deepEqual(sink.events, ['informational 100', 'head', 'end']);
  assert.equal(pool.stats().idle, 1);
});

test('Expect: a final status instead of 100 is the answer', async (t) => {
  const { send, pool } = await bench(t, (socket) => socket.once('data', () => socket.write('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n')));
  const { sink } = send(post(5, { expectContinue: true }));
  assert.equal((await sink.done).head?.status, 417);
  assert.equal(pool.stats().open, 0);
});

test('64 MiB up: write() tells to wait, and onDrain when to go on', async (t) => {
  const total = 1024;
  const { pool, received } = await receiver(t);
  const piece = Buffer.alloc(65_536, 'u');
  let sent = 0;
  let waits = 0;
  const sink = new (class extends Recorder {
    override onDrain(): void {
      pump();
    }
  })();
  const exchange = pool.send(post(total * piece.length), sink);
  const pump = (): void => {
    while (sent < total) {
      sent++;
      if (exchange.write(piece)) continue;
      waits++;
      return;
    }
    exchange.end();
  };
  pump();
  assert.ok(sent < 8, 'the first write that cannot be taken at once says so');
  assert.equal((await sink.done).body, 'ok');
  assert.equal(received[0]?.body.length, total * piece.length);
  assert.ok(waits > 10);
});

test('no more of a body is asked for until there is a connection: it may have to go elsewhere', async (t) => {
  const { pool, received } = await receiver(t);
  const sink = new (class extends Recorder {
    override onDrain(): void {
      super.onDrain();
      exchange.write(Buffer.from('body'));
    }
  })();
  const exchange = pool.send(post(6), sink);
  assert.equal(exchange.write(Buffer.from('a ')), false);
  assert.equal((await sink.done).body, 'ok');
  assert.deepEqual(sink.events.filter((event) => event === 'drain'), ['drain']);
  assert.equal(received[0]?.body, 'a body');
});
