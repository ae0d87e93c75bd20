import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createEchoServer } from '../../src/echo/server.js';

const MIB = 1024 * 1024;
const agent = new http.Agent({ keepAlive: true });
const server = createEchoServer();
const port = (): number => (server.address() as AddressInfo).port;

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
}

interface Options {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

async function call(path: string, { method = 'GET', headers = {}, body }: Options = {}): Promise<Reply> {
  // Node frames the body of a DELETE only when it is told the length.
  const length = body === undefined || 'Transfer-Encoding' in headers ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const req = http.request({ agent, port: port(), host: '127.0.0.1', path, method, headers: { ...headers, ...length } });
  req.end(body);
  const [res] = (await once(req, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk as Buffer);
  return { status: res.statusCode ?? 0, headers: res.headers, bytes: Buffer.concat(chunks) };
}

async function callJson(path: string, options: Options = {}): Promise<Record<string, unknown>> {
  return JSON.parse(String((await call(path, options)).bytes)) as Record<string, unknown>;
}

/** Sends bytes that no well-behaved client would, and returns all that comes back. */
async function raw(message: string): Promise<string> {
  const socket = net.connect(port(), '127.0.0.1').setEncoding('utf8');
  socket.write(message);
  let received = '';
  for await (const chunk of socket) received += String(chunk);
  return received;
}

const rawGet = (target: string, fields = ''): Promise<string> =>
  raw(`GET ${target} HTTP/1.1\r\nHost: echo.test\r\n${fields}Connection: close\r\n\r\n`);

const bodyOf = (message: string): unknown => JSON.parse(message.slice(message.indexOf('\r\n\r\n') + 4));

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  agent.destroy();
  server.close();
  server.closeAllConnections();
});

describe('echoing a request', () => {
  it('shows args, headers, origin and url, indented by two and ended by a newline', async () => {
    const message = await rawGet('/get?a=1&b=2&b=3', 'X-Consumer-Username: tom\r\n');
    const expected = {
      args: { a: '1', b: ['2', '3'] },
      headers: { Host: 'echo.test', 'X-Consumer-Username': 'tom', Connection: 'close' },
      origin: '127.0.0.1',
      url: 'http://echo.test/get?a=1&b=2&b=3',
    };
    assert.equal(message.split('\r\n\r\n')[1], `${JSON.stringify(expected, null, 2)}\n`);
    assert.match(message, /Content-Type: application\/json\r\n/);
  });

  it('keeps the first spelling of a repeated header and joins its values', async () => {
    const { headers } = bodyOf(await rawGet('/headers', 'X-tEST: 1\r\nx-test: 2\r\n')) as { headers: object };
    assert.deepEqual(headers, { Host: 'echo.test', 'X-tEST': '1, 2', Connection: 'close' });
  });

  it('shows a body as text and as JSON', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const echo = await callJson(`/${method.toLowerCase()}`, { method, body: '{"a": [1]}' });
      assert.equal(echo['data'], '{"a": [1]}');
      assert.deepEqual(echo['json'], { a: [1] });
    }
  });

  it('shows a body that is not JSON as text, and one that is not text as base64', async () => {
    const plain = await callJson('/post', { method: 'POST', body: 'héllo' });
    assert.deepEqual([plain['data'], plain['json']], ['héllo', null]);
    const binary = await callJson('/post', { method: 'POST', body: Buffer.from([0xff, 0xfe]) });
    assert.equal(binary['data'], 'data:application/octet-stream;base64,//4=');
  });

  it('shows any method at any path under /anything', async () => {
    for (const path of ['/anything', '/anything/', '/anything/a//b?x=1']) {
      const echo = await callJson(path, { method: 'PURGE', body: 'b' });
      assert.deepEqual([echo['method'], echo['data'], echo['url']], ['PURGE', 'b', `http://127.0.0.1:${port()}${path}`]);
    }
  });

  it('takes origin and scheme from the X-Forwarded headers', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.7, 10.0.0.1', 'X-Forwarded-Proto': 'https', Host: 'a.test' };
    assert.deepEqual(await callJson('/ip', { headers }), { origin: '203.0.113.7, 10.0.0.1' });
    assert.equal((await callJson('/get', { headers }))['url'], 'https://a.test/get');
    assert.deepEqual(await callJson('/ip'), { origin: '127.0.0.1' });
  });

  it('shows the user agent and the cookies', async () => {
    assert.deepEqual(await callJson('/user-agent', { headers: { 'User-Agent': 'curl/8' } }), { 'user-agent': 'curl/8' });
    assert.deepEqual(await callJson('/user-agent'), { 'user-agent': null });
    const { cookies } = await callJson('/cookies', { headers: { Cookie: 'a=1; b=x=y; bare' } });
    assert.deepEqual(cookies, { a: '1', b: 'x=y', bare: '' });
  });
});

describe('producing a response', () => {
  it('answers with the status asked for, and no body', async () => {
    for (const status of [200, 201, 205, 299, 301, 404, 500, 599]) {
      const reply = await call(`/status/${status}`);
      assert.deepEqual([reply.status, reply.bytes.length, reply.headers['content-length']], [status, 0, '0']);
    }
    for (const status of [204, 304]) {
      const reply = await call(`/status/${status}`, { method: 'POST' });
      assert.deepEqual([reply.status, reply.headers['content-length'], reply.headers['transfer-encoding']], [status, undefined, undefined]);
    }
  });

  it('waits for a fraction of a second, then echoes', async () => {
    const start = performance.now();
    assert.equal((await callJson('/delay/0.05', { method: 'PUT' }))['method'], 'PUT');
    assert.ok(performance.now() - start >= 45);
  });

  it('sends the same bytes each time, with their length', async () => {
    for (const size of [0, 1, 65_536, 65_537, 10 * MIB]) {
      const reply = await call(`/bytes/${size}`);
      assert.equal(reply.headers['content-length'], String(size));
      assert.ok(reply.bytes.equals(Buffer.alloc(size, Uint8Array.from({ length: 256 }, (_, i) => i))));
    }
  });

  it('streams lines of JSON in chunks', async () => {
    const reply = await call('/stream/1000?a=1');
    const lines = String(reply.bytes).trimEnd().split('\n').map((line) => JSON.parse(line) as { id: number; args: object });
    assert.equal(reply.headers['transfer-encoding'], 'chunked');
    assert.deepEqual(lines.map(({ id }) => id), Array.from({ length: 1000 }, (_, id) => id));
    assert.deepEqual(lines[999]?.args, { a: '1' });
  });

  it('redirects, with whatever a header cannot hold encoded', async () => {
    const found = await call('/redirect-to?url=http://a.test/%3Fq=1');
    assert.deepEqual([found.status, found.headers.location], [302, 'http://a.test/?q=1']);
    const moved = await call('/redirect-to?status_code=308&url=/a%0d%0aX-Evil:%201%E2%82%AC');
    assert.deepEqual([moved.status, moved.headers.location], [308, '/a%0D%0AX-Evil:%201%E2%82%AC']);
    assert.equal(moved.headers['x-evil'], undefined);
  });

  it('sets and echoes response headers', async () => {
    const reply = await call('/response-headers?X-One=1&Set-Cookie=a=1&Set-Cookie=b=2&content-type=text/x-mine&__proto__=p');
    assert.equal(reply.headers['x-one'], '1');
    assert.deepEqual(reply.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(reply.headers['content-type'], 'text/x-mine');
    assert.match(String(reply.bytes), /"Set-Cookie": \[\n {4}"a=1",[^]*"__proto__": "p"/);
  });

  it('is healthy, and lists its endpoints', async () => {
    assert.deepEqual(await callJson('/health'), { status: 'ok' });
    const list = await call('/');
    assert.match(list.headers['content-type'] ?? '', /^text\/plain/);
    assert.match(String(list.bytes), /^GET +\/bytes\/\{n\} +\S/m);
  });
});

describe('refusing a request', () => {
  it('answers 400 to a parameter out of range', async () => {
    const paths = [
      '/status/199', '/status/600', '/status/abc', '/status/', '/delay/10.1', '/delay/-1', '/delay/NaN', '/delay/1e1',
      `/bytes/${10 * MIB + 1}`, '/bytes/-1', '/bytes/%zz', '/stream/0', '/stream/1001', '/redirect-to',
      '/redirect-to?url=/&status_code=200', '/response-headers?a%20b=1', '/response-headers?=1',
      '/response-headers?a=%0d%0ab:1', '/response-headers?a=%E2%82%AC', '/response-headers?Content-Length=1',
      '/response-headers?transfer-encoding=chunked',
    ];
    for (const path of paths) {
      const reply = await call(path);
      assert.equal(reply.status, 400, path);
      assert.match(String(reply.bytes), /^\{\n {2}"error": "/);
    }
  });

  it('answers 405 with Allow to another method', async () => {
    const post = await call('/get', { method: 'POST' });
    assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
    const head = await call('/post', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.allow], [405, 'POST']);
  });

  it('answers 404 with a hint to an unknown path', async () => {
    for (const path of ['/nope', '/get/', '/status/200/x', '/anythingelse', '/__proto__', '/constructor']) {
      const reply = await call(path);
      assert.equal(reply.status, 404, path);
      assert.deepEqual(JSON.parse(String(reply.bytes)), { error: 'not found', hint: 'GET / lists the endpoints' });
    }
  });

  it('takes a body of 10 MiB, and answers 413 to one byte more without closing the connection', async () => {
    const most = await call('/anything', { method: 'POST', body: Buffer.alloc(10 * MIB, 'a') });
    assert.equal(most.status, 200);
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }]) {
      const reply = await call('/anything', { method: 'POST', headers, body: Buffer.alloc(10 * MIB + 1) });
      assert.deepEqual([reply.status, reply.headers.connection], [413, 'keep-alive']);
    }
  });
});

describe('being a good upstream', () => {
  it('answers HEAD with the headers of GET and no body', async () => {
    for (const path of ['/', '/get', '/ip', '/headers', '/bytes/1000', '/anything', '/redirect-to?url=/', '/response-headers?a=1']) {
      const [get, head] = [await call(path), await call(path, { method: 'HEAD' })];
      assert.deepEqual([head.status, head.headers['content-type'], head.bytes.length], [get.status, get.headers['content-type'], 0], path);
      if (path !== '/anything') assert.equal(head.headers['content-length'], get.headers['content-length'], path);
    }
    assert.equal((await call('/stream/3', { method: 'HEAD' })).bytes.length, 0);
  });

  it('keeps idle connections longer than a pool does', async () => {
    assert.equal((await call('/ip')).headers['keep-alive'], 'timeout=65');
  });

  it('answers pipelined requests in order', async () => {
    const one = (id: number, last = ''): string => `GET /delay/${id === 1 ? 0.02 : 0}?id=${id} HTTP/1.1\r\nHost: h\r\n${last}\r\n`;
    const received = await raw(one(1) + one(2) + one(3, 'Connection: close\r\n'));
    assert.deepEqual(received.match(/"id": "\d"/g), ['"id": "1"', '"id": "2"', '"id": "3"']);
  });
});

describe('surviving bad input', () => {
  it('takes odd targets as they are', async () => {
    const get = async (target: string): Promise<Record<string, unknown>> => bodyOf(await rawGet(target)) as Record<string, unknown>;
    assert.deepEqual((await get('/get?a=%zz&b=%ff&=&&c'))['args'], { a: '%zz', b: '\ufffd', '': '', c: '' });
    assert.equal((await get('http://other.test:81/get?a=1'))['url'], 'http://other.test:81/get?a=1');
    assert.equal((await get('/anything/../%2e%2e//x'))['url'], 'http://echo.test/anything/../%2e%2e//x');
    for (const target of ['//', '//get', '//[', '/%', '/%c0%af', 'http://h/%zz', '/:80']) {
      assert.equal((await get(target))['error'], 'not found', target);
    }
    assert.match(await rawGet('http://other.test'), /^HTTP\/1\.1 200 OK[^]*An echo server/);
    assert.match(await raw('OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 404 /);
    assert.match(await raw('GET /get HTTP/1.0\r\n\r\n'), /"url": "http:\/\/localhost\/get"/);
  });

  it('treats __proto__ as a name like any other', async () => {
    const message = await rawGet('/get?__proto__=1&__proto__=2&constructor=3', '__proto__: x\r\nCookie: __proto__=c\r\n');
    assert.match(message, /"__proto__": \[\n {6}"1",\n {6}"2"\n {4}\],\n {4}"constructor": "3"/);
    assert.match(message, /"__proto__": "x"/);
    const echo = String((await call('/post', { method: 'POST', body: '{"__proto__": {"a": 1}}' })).bytes);
    assert.match(echo, /"json": \{\n {4}"__proto__": \{/);
  });

  it('shows JSON that is nested too deeply as text alone', async () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const shown = await callJson('/post', { method: 'POST', body: nested(60) });
    assert.equal(JSON.stringify(shown['json']), nested(60));
    const hidden = await callJson('/post', { method: 'POST', body: nested(200_000) });
    assert.equal(hidden['json'], null);
  });

  it('lives on when clients leave in the middle', { timeout: 5000 }, async () => {
    const partial = [
      'POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf',
      'POST /post HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
      'GET /delay/10 HTTP/1.1\r\nHost: h\r\n\r\n',
      `GET /bytes/${10 * MIB} HTTP/1.1\r\nHost: h\r\n\r\n`,
    ];
    for (const message of partial) {
      const arrived = once(server, 'request') as Promise<[http.IncomingMessage, http.ServerResponse]>;
      const socket = net.connect(port(), '127.0.0.1', () => socket.write(message));
      const [, res] = await arrived;
      const closed = once(res, 'close');
      socket.resetAndDestroy();
      await closed;
    }
    assert.match(await raw('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await call('/health')).status, 200);
  });
});
