import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { readHello } from '../../src/tls/client-hello.js';

/** What a client sends first. */
async function helloFor(t: TestContext, servername: string): Promise<Buffer> {
  const server = net.createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  const client = connect({ port: await portOf(server), host: '127.0.0.1', servername }).on('error', () => {});
  const [socket] = await once(server, 'connection') as [net.Socket];
  const [bytes] = await once(socket, 'data') as [Buffer];
  client.destroy();
  socket.destroy();
  return bytes;
}

async function portOf(server: net.Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

test('the name in a ClientHello is found once all of it is there, and not before', async (t) => {
  const hello = await helloFor(t, 'some.example.test');
  assert.deepEqual(readHello(hello), { kind: 'hello', name: 'some.example.test' });
  for (let i = 0; i < hello.length; i++) assert.equal(readHello(hello.subarray(0, i)).kind, 'partial', `${i} of ${hello.length}`);
});

test('a hello without a name, and one over several records, are understood', async (t) => {
  assert.deepEqual(readHello(await helloFor(t, '')), { kind: 'hello', name: undefined });
  const whole = await helloFor(t, 'split.test');
  const records = Array.from({ length: Math.ceil((whole.length - 5) / 7) }, (_, i) => {
    const part = whole.subarray(5 + i * 7, 12 + i * 7);
    return Buffer.concat([Buffer.of(0x16, 3, 1, 0, part.length), part]);
  });
  assert.deepEqual(readHello(Buffer.concat(records)), { kind: 'hello', name: 'split.test' });
});

test('one that comes in many records, or never ends, is given up at once', () => {
  const records = Buffer.concat(Array.from({ length: 60_000 }, (_, i) => Buffer.of(0x16, 3, 1, 0, 1, [1, 0, 0xfd, 0xe8][i] ?? 0)));
  const begun = performance.now();
  for (let i = 0; i < 1000; i++) assert.equal(readHello(records).kind, 'other');
  for (let i = 0; i < 1000; i++) readHello(records.subarray(0, i * 6));
  assert.ok(performance.now() - begun < 1000);
  assert.equal(readHello(Buffer.of(0x16, 3, 1, 0, 5, 1, 0, 0x40, 0, 0)).kind, 'other');
});

test('what is no ClientHello is told apart, and nothing makes it throw', async (t) => {
  for (const text of ['GET / HTTP/1.1\r\n', '\x15\x03\x01\0\x02', '\x16\x03\x01\0\x04\x02\0\0\0', '\x16\x03\x01\0\x04\x01\xff\xff\xff', '\x16\x03\x01\0\0', '\x16\x03\x01\0\x01\x01\x17\x03']) {
    assert.equal(readHello(Buffer.from(text, 'latin1')).kind, 'other', JSON.stringify(text));
  }
  const hello = await helloFor(t, 'fuzz.test');
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
    const bytes = Buffer.from(hello);
    for (const [at, value] of changes) bytes[at] = value;
    readHello(bytes);
  }), { numRuns: 2000 });
});
