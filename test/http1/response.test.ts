import assert from 'node:assert/strict';
import { test } from 'node:test';
import { always, bench, get, perRequest, Recorder, WholeRecorder } from './support.js';

test('a response keeps its names, order and values', async (t) => {
  const { fetch } = await bench(t, always('HTTP/1.1 207 Multi  Status\r\nX-B: 1\r\nx-a:2\r\nSet-Cookie: a\r\nSet-Cookie:\t b \r\nContent-Length: 2\r\n\r\nok'));
  const { head, body, trailers } = await fetch();
  assert.deepEqual(head, {
    status: 207, reason: 'Multi  Status', framing: 'length', length: 2, persistent: true, keepAliveTimeout: -1,
    headers: ['X-B', '1', 'x-a', '2', 'Set-Cookie', 'a', 'Set-Cookie', 'b', 'Content-Length', '2'],
  });
  assert.equal(body, 'ok');
  assert.deepEqual(trailers, []);
});

test('fields that end at this hop are dropped, with those that Connection lists, but never the framing', async (t) => {
  const { fetch } = await bench(t, always('HTTP/1.1 200 OK\r\nConnection: x-hop, Content-Length, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\n'
    + 'Proxy-Authenticate: Basic\r\nproxy-connection: x\r\nTE: x\r\nTrailer: x\r\nUpgrade: h2c\r\nPriority: u=1\r\nContent-Length: 2\r\n\r\nok'));
  assert.deepEqual((await fetch()).head?.headers, ['Priority', 'u=1', 'Content-Length', '2']);
});

test('a small response that arrives at once is told in one call', async (t) => {
  const { send } = await bench(t, always('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xe9k'));
  const { sink } = send(get(), new WholeRecorder());
  await sink.done;
  assert.deepEqual(sink.events, ['whole', '(whole)', 'end']);
  assert.equal(sink.body, '\xe9k');
});

for (const [what, method, response, framing] of [
  ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 'none'],
  ['HEAD of a chunked resource', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'none'],
  ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', 'none'],
  ['304', 'GET', 'HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n', 'none'],
  ['a reason left out with its space', 'GET', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', 'length'],
  ['equal Content-Lengths', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0, 0\r\nContent-Length: 00\r\n\r\n', 'length'],
  ['HTTP/1.0 with keep-alive', 'GET', 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n', 'length'],
] as const) {
  test(`without a body, the connection is kept: ${what}`, async (t) => {
    const { fetch, pool } = await bench(t, always(response));
    const sink = await fetch(get(method));
    assert.deepEqual(sink.events, ['head', 'end']);
    assert.equal(sink.head?.framing, framing);
    assert.deepEqual(pool.stats(), { open: 1, idle: 1, busy: 0 });
  });
}

for (const [what, response] of [
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok'],
  ['bytes after the response', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n'],
  ['bytes after the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nx'],
]) {
  test(`the response is delivered, the connection is not kept: ${what}`, async (t) => {
    const { fetch, pool } = await bench(t, always(response ?? ''));
    const sink = await fetch();
    assert.equal(sink.body, 'ok');
    assert.deepEqual(sink.events, ['head', 'end']);
    assert.equal(pool.stats().open, 0);
  });
}

test('a body without framing lasts until the connection ends', async (t) => {
  const { fetch } = await bench(t, perRequest((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')));
  const sink = await fetch();
  assert.equal(sink.head?.framing, 'close');
  assert.equal(sink.body, 'all of it');
});

test('a reset is no end of a body without framing', async (t) => {
  const { send, sockets } = await bench(t, always('HTTP/1.1 200 OK\r\n\r\npart'));
  const sink = new (class extends Recorder {
    override onData(chunk: Buffer): boolean {
      sockets[0]?.resetAndDestroy();
      return super.onData(chunk);
    }
  })();
  send(get(), sink);
  const { fault } = await sink.done;
  assert.equal(fault?.kind, 'reset');
  assert.equal(fault?.code, 'ECONNRESET');
  assert.equal(fault?.responseStarted, true);
  assert.equal(fault?.retryable, false);
});

test('chunks are decoded, extensions ignored, and trailers told without the forbidden ones', async (t) => {
  const { fetch, pool } = await bench(t, always('HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: X-Sum\r\n\r\n'
    + '00003;a="b";c\r\none\r\nA\r\n0123456789\r\n0\r\nX-Sum: 7\r\nContent-Length: 5\r\nHost: x\r\nConnection: close\r\n\r\n'));
  const sink = await fetch();
  assert.equal(sink.body, 'one0123456789');
  assert.deepEqual(sink.head?.headers, []);
  assert.deepEqual(sink.trailers, ['X-Sum', '7']);
  assert.equal(pool.stats().idle, 1);
});

test('informational responses are passed on before the final one', async (t) => {
  const { fetch } = await bench(t, always('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 \r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  const sink = await fetch();
  assert.deepEqual(sink.events, ['informational 103', 'informational 102', 'head', 'end']);
  assert.deepEqual(sink.informational[0]?.headers, ['Link', '</a>']);
});

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const REFUSED: Readonly<Record<string, string>> = {
  'another protocol': 'SSH-2.0-x\r\n',
  'a greeting without a line end': 'RTSP/1.0 200',
  'HTTP/1.2': 'HTTP/1.2 200 OK\r\n\r\n',
  'HTTP/2.0': 'HTTP/2.0 200 OK\r\n\r\n',
  'status 099': 'HTTP/1.1 099 x\r\n\r\n',
  'status 600': 'HTTP/1.1 600 x\r\n\r\n',
  'status 20': 'HTTP/1.1 20 x\r\n\r\n',
  'status 2000': 'HTTP/1.1 2000 x\r\n\r\n',
  'two spaces before the status': 'HTTP/1.1  200 x\r\n\r\n',
  'a control character in the reason': 'HTTP/1.1 200 a\x01b\r\n\r\n',
  'an empty line first': '\r\nHTTP/1.1 200 OK\r\n\r\n',
  'a space before the colon': 'HTTP/1.1 200 OK\r\nA : b\r\n\r\n',
  'a space in a name': 'HTTP/1.1 200 OK\r\nA b: c\r\n\r\n',
  'a name that is empty': 'HTTP/1.1 200 OK\r\n: b\r\n\r\n',
  'a line without a colon': 'HTTP/1.1 200 OK\r\nabc\r\n\r\n',
  'a folded line': 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n',
  'NUL in a value': 'HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n',
  'DEL in a value': 'HTTP/1.1 200 OK\r\nA: b\x7fc\r\n\r\n',
  'LF without CR': 'HTTP/1.1 200 OK\nA: b\n\n',
  'CR without LF': 'HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n',
  'too many fields': `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(1001)}\r\n`,
  'too large a head': `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(65536)}\r\n\r\n`,
  'a head without end': `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(70000)}`,
  'different Content-Lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
  'different Content-Lengths in a list': 'HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nx',
  'a list with an empty member': 'HTTP/1.1 200 OK\r\nContent-Length: 1,\r\n\r\nx',
  'a signed Content-Length': 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx',
  'an empty Content-Length': 'HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n',
  'a Content-Length above 2^53': 'HTTP/1.1 200 OK\r\nContent-Length: 9007199254740992\r\n\r\nx',
  'both framings': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  'gzip, chunked': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'chunked twice': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'identity': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n',
  'a tab behind chunked': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n',
  'a tab behind a Content-Length': 'HTTP/1.1 200 OK\r\nContent-Length: 1\t\r\n\r\nx',
  'chunked in HTTP/1.0': 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a 101 that nobody asked for': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  'too many informational responses': 'HTTP/1.1 102 x\r\n\r\n'.repeat(21),
  'a chunk size that is no number': `${CHUNKED}x\r\n`,
  'an empty chunk size': `${CHUNKED}\r\n`,
  'a signed chunk size': `${CHUNKED}+1\r\nx\r\n0\r\n\r\n`,
  '0x in a chunk size': `${CHUNKED}0x1\r\nx\r\n0\r\n\r\n`,
  'a space after a chunk size': `${CHUNKED}1 \r\nx\r\n0\r\n\r\n`,
  'a chunk size above 2^53': `${CHUNKED}20000000000000\r\n`,
  'a chunk size of many zeros': `${CHUNKED}${'0'.repeat(17)}\r\n`,
  'LF after a chunk size': `${CHUNKED}1\nx\r\n0\r\n\r\n`,
  'too long a chunk': `${CHUNKED}1\r\nxy\r\n0\r\n\r\n`,
  'a control character in an extension': `${CHUNKED}1;a\x01\r\nx\r\n0\r\n\r\n`,
  'too many extensions': `${CHUNKED}${`1;${'a'.repeat(9000)}\r\nx\r\n`.repeat(2)}0\r\n\r\n`,
  'an invalid trailer': `${CHUNKED}0\r\nA : b\r\n\r\n`,
  'a lone LF after the last chunk': `${CHUNKED}0\r\n\n`,
};

for (const [what, response] of Object.entries(REFUSED)) {
  test(`refused, and the connection destroyed: ${what}`, async (t) => {
    const { fetch, pool } = await bench(t, always(response));
    const { fault } = await fetch();
    assert.equal(fault?.kind, 'protocol', fault?.message);
    assert.equal(pool.stats().open, 0);
  });
}

for (const response of ['', 'HTTP/1.1 20', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234', `${CHUNKED}5\r\n1234`, `${CHUNKED}1\r\nx\r\n0\r\n`]) {
  test(`an end too early is a reset: ${JSON.stringify(response.slice(-12))}`, async (t) => {
    const { fetch } = await bench(t, perRequest((socket) => void socket.end(response)));
    const { fault, events } = await fetch();
    assert.equal(fault?.kind, 'reset');
    assert.equal(fault?.responseStarted, response.includes('\r\n\r\n'));
    assert.ok(!events.includes('end'));
  });
}
