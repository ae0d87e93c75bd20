import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopTicker, Pool } from '../../src/http1/index.js';
import { always, bench, get, ManualTicker, PATIENT, perRequest, post, Recorder } from './support.js';

const SECOND = { connect: 1000, send: 1000, read: 1000 };
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

test('connect: an address that never answers', async () => {
  const ticker = new ManualTicker();
  // TEST-NET-1: routed nowhere. Where the network refuses it at once, that is a connect fault too.
  const pool = new Pool({ host: '192.0.2.1', port: 9, size: 1, idleTimeout: 1000, requests: 1, ticker });
  const sink = new Recorder();
  pool.send({ ...get(), timeouts: SECOND }, sink);
  ticker.advance(1000);
  assert.equal(sink.failed, false);
  ticker.advance(200);
  const { fault } = await sink.done;
  assert.match(fault?.kind ?? '', /^connect/);
  assert.equal(fault?.bytesSent, 0);
  assert.equal(pool.stats().open, 0);
});

test('read: between the request and the head, and between two reads', async (t) => {
  const { send, ticker, sockets } = await bench(t, perRequest((socket, count) => { if (count > 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'); }));
  const silent = send({ ...get(), timeouts: SECOND }).sink;
  await until(() => (sockets[0]?.bytesRead ?? 0) > 0);
  ticker.advance(1000);
  assert.equal(silent.failed, false);
  ticker.advance(200);
  assert.equal(silent.fault?.kind, 'read-timeout');
  const slow = send({ ...get(), timeouts: SECOND }).sink;
  await until(() => slow.head !== undefined);
  for (let i = 1; i < 4; i++) {
    ticker.advance(900);
    sockets[1]?.write('x');
    await until(() => slow.chunks.length === i);
  }
  ticker.advance(1200);
  assert.equal(slow.fault?.kind, 'read-timeout');
  assert.equal(slow.fault?.responseStarted, true);
});

test('read: until the head is whole, however steadily it drips', async (t) => {
  const { send, ticker, sockets } = await bench(t, () => {});
  const { sink } = send({ ...get(), timeouts: SECOND });
  await until(() => (sockets[0]?.bytesRead ?? 0) > 0);
  sockets[0]?.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 20');
  await until(() => sink.events.length > 0);
  ticker.advance(900);
  sockets[0]?.write('0 OK\r\n');
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  ticker.advance(300);
  assert.equal(sink.fault?.kind, 'read-timeout');
});

test('read: stands still while the sink has paused', async (t) => {
  const { send, ticker } = await bench(t, always('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'));
  const sink = new (class extends Recorder {
    override onData(chunk: Buffer): boolean {
      super.onData(chunk);
      return false;
    }
  })();
  const { exchange } = send({ ...get(), timeouts: SECOND }, sink);
  await until(() => sink.chunks.length > 0);
  ticker.advance(60_000);
  assert.equal(sink.failed, false);
  exchange.resume();
  ticker.advance(1000);
  assert.equal(sink.failed, false);
  ticker.advance(200);
  assert.equal(sink.fault?.kind, 'read-timeout');
});

test('read: does not run while the caller owes the body, except before a 100', async (t) => {
  const { send, ticker, sockets } = await bench(t, () => {});
  const { sink, exchange } = send(post(2, { timeouts: SECOND }));
  await until(() => (sockets[0]?.bytesRead ?? 0) > 0);
  ticker.advance(60_000);
  assert.equal(sink.failed, false);
  exchange.write(Buffer.from('ab'));
  ticker.advance(1200);
  assert.equal(sink.fault?.kind, 'read-timeout');
  const expecting = send(post(2, { timeouts: SECOND, expectContinue: true })).sink;
  await until(() => (sockets[1]?.bytesRead ?? 0) > 0);
  ticker.advance(1200);
  assert.equal(expecting.fault?.kind, 'read-timeout');
});

test('send: an upstream that takes nothing more', async (t) => {
  const { send, ticker, sockets } = await bench(t, (socket) => void socket.pause());
  const { sink, exchange } = send(post(1e9, { timeouts: SECOND }));
  await until(() => sockets.length > 0);
  while (exchange.write(Buffer.alloc(1e6)) || sink.events.length > 0) sink.events.length = 0;
  for (let i = 0; i < 100; i++) await new Promise((resolve) => setImmediate(resolve));
  ticker.advance(100);
  ticker.advance(1000);
  assert.equal(sink.failed, false);
  ticker.advance(200);
  assert.equal(sink.fault?.kind, 'send-timeout');
});

test('nothing times out when told to wait for ever', async (t) => {
  const { send, ticker, sockets } = await bench(t, () => {});
  const { sink } = send({ ...get(), timeouts: PATIENT });
  await until(() => (sockets[0]?.bytesRead ?? 0) > 0);
  ticker.advance(1e6);
  assert.deepEqual(sink.events, []);
});

test('on the event loop, a second is 1.0 to 1.5 seconds', async (t) => {
  const { send } = await bench(t, () => {}, { ticker: new LoopTicker() });
  const start = performance.now();
  const { fault } = await send({ ...get(), timeouts: SECOND }).sink.done;
  const took = performance.now() - start;
  assert.equal(fault?.kind, 'read-timeout');
  assert.ok(took >= 990 && took < 1500, `${took} ms`);
});

test('a ticker stops when nothing watches, and does not count a stall of the loop', async () => {
  const ticker = new LoopTicker(5);
  const ticked = new Promise<number>((resolve) => ticker.watch(resolve));
  const end = performance.now() + 100;
  while (performance.now() < end);
  assert.ok((await ticked) <= 10);
  const count = { ticks: 0 };
  const onTick = (): void => { count.ticks++; };
  ticker.watch(onTick);
  ticker.unwatch(onTick);
  assert.equal(count.ticks, 0);
});
