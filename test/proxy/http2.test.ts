import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/client.js';
import { openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { ask2, frame, literals, nghttp2Since, openSession, outcomeOf, rawSession } from '../support/http2.js';
import { pem } from '../support/secure-upstream.js';
import { demands, listenAlso, site } from '../support/tls.js';
import { answer, startHostile, startUpstream, type RawUpstream, type Script } from '../support/upstream.js';

interface Spoken {
  readonly gateway: TestGateway;
  readonly upstream: RawUpstream;
  readonly port: number;
  readonly url: string;
}

async function spoken(t: TestContext, script: Script = () => answer(), block = ''): Promise<Spoken> {
  const upstream = await startUpstream(t, script);
  const gateway = await startGateway(t, `${openTo(upstream.port)}\ngateway: {${block}}`);
  const port = await listenAlso(t, gateway.gateway, { tls: false, http2: true });
  return { gateway, upstream, port, url: `http://127.0.0.1:${port}` };
}

const GET = { ':path': '/' };

/** A connection on which a body has been sent that said it were of 5 bytes; `send` sends another so. */
async function measured(t: TestContext, body: string) {
  const { port, ...rest } = await spoken(t);
  const session = await rawSession(t, port);
  const head = literals([[':method', 'POST'], [':scheme', 'http'], [':authority', 'a.test'], [':path', '/'], ['content-length', '5']]);
  const send = (stream: number, text: string): void => void session.socket.write(Buffer.concat([frame(1, 4, stream, head), frame(0, 1, stream, Buffer.from(text))]));
  send(1, body);
  return { ...rest, ...session, send };
}

describe('a request over HTTP/2', () => {
  it('reaches an HTTP/1.1 upstream as one of HTTP/1.1, its cookies in one', async (t) => {
    const { url, port, upstream } = await spoken(t);
    const { status, headers, body } = await ask2(openSession(t, url), { ':path': '/a?b=c', cookie: ['x=1', 'y=2'], te: 'trailers', 'X-Consumer-Username': 'root', x_consumer_username: 'root' });
    assert.deepEqual([status, headers['server'], body], [200, 'gateway', 'ok']);
    assert.equal(upstream.bytes[0], `GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\ncookie: x=1; y=2\r\nX-Real-IP: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: 127.0.0.1:${port}\r\nX-Forwarded-Port: ${port}\r\n\r\n`);
  });

  it('is many on one connection, each with its own answer', async (t) => {
    const { url } = await spoken(t, ({ target }) => answer(target));
    const session = openSession(t, url);
    const bodies = await Promise.all(Array.from({ length: 200 }, async (_, i) => (await ask2(session, { ':path': `/${i}` })).body));
    assert.deepEqual(bodies, bodies.map((_, i) => `/${i}`));
  });

  it('has its body framed anew: by its length where that was told, in chunks where not, with its trailers', async (t) => {
    const { url, upstream } = await spoken(t);
    const session = openSession(t, url);
    assert.equal((await ask2(session, { ':method': 'POST', ':path': '/', 'content-length': 5 }, 'hello')).status, 200);
    assert.equal((await ask2(session, { ':method': 'DELETE', ':path': '/' }, 'GET /smuggled HTTP/1.1\r\n\r\n')).status, 200);
    assert.match(upstream.bytes[0] ?? '', /content-length: 5\r\n[^]*\r\n\r\nhelloDELETE \/ HTTP\/1\.1\r\n[^]*Transfer-Encoding: chunked\r\n\r\n1a\r\nGET \/smuggled HTTP\/1.1\r\n\r\n\r\n0\r\n\r\n$/);
    assert.deepEqual([upstream.requests.length, upstream.garbage], [2, []]);
  });

  it('has its trailers passed on, but for those that are the gateway\'s own', async (t) => {
    let seen = '';
    const upstream = await startHostile(t, (socket) => socket.on('data', (text: string) => {
      seen += text;
      if (seen.includes('\r\n0\r\n')) socket.write(answer());
    }));
    const gateway = await startGateway(t, openTo(upstream.port));
    const port = await listenAlso(t, gateway.gateway, { tls: false, http2: true });
    const stream = openSession(t, `http://127.0.0.1:${port}`).request({ ':method': 'POST', ':path': '/' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-check': 'sum', 'x-consumer-username': 'root' }));
    stream.end('body');
    assert.equal((await outcomeOf(stream)).status, 200);
    assert.match(seen, /\r\n4\r\nbody\r\n0\r\nx-check: sum\r\n\r\n$/);
  });

  it('gets the whole of an answer: several cookies, trailers, no header of one connection', async (t) => {
    const { url } = await spoken(t, () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nTrailer: x-t\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n');
    const { status, headers, body, trailers } = await ask2(openSession(t, url), GET);
    assert.deepEqual([status, body, trailers['x-t'], headers['set-cookie'], headers['content-type']], [200, 'hello', '1', ['a=1', 'b=2'], 'a/b']);
    assert.deepEqual(['keep-alive', 'transfer-encoding', 'connection'].filter((name) => name in headers), []);
  });

  it('gets an answer whatever fields its upstream has told twice', async (t) => {
    const names = ['user-agent', 'authorization', 'referer', 'host', 'range', 'from', 'if-match', 'max-forwards', 'dnt', 'proxy-authorization', 'age', 'etag'];
    const { url } = await spoken(t, () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${names.map((name) => `${name}: a\r\n${name}: b\r\n`).join('')}\r\n2\r\nok\r\n0\r\nuser-agent: a\r\nuser-agent: b\r\n\r\n`);
    const { body, headers, trailers } = await ask2(openSession(t, url), GET);
    assert.deepEqual([body, headers['user-agent'], headers['etag'], trailers['user-agent']], ['ok', 'a, b', 'a', 'a, b']);
  });

  it('is cut upstream where its client cuts it, with whatever code', async (t) => {
    const { port, upstream } = await spoken(t);
    const { socket } = await rawSession(t, port);
    const head = literals([[':method', 'POST'], [':scheme', 'http'], [':authority', 'a.test'], [':path', '/']]);
    socket.write(Buffer.concat([frame(1, 4, 1, head), frame(0, 0, 1, Buffer.from('half'))]));
    await until(() => upstream.bytes[0]?.includes('half') === true, 'the body has begun');
    socket.write(frame(3, 0, 1, Buffer.alloc(4)));
    await until(() => upstream.open() === 0, 'the connection upstream is closed');
    assert.deepEqual([upstream.requests.length, upstream.bytes[0]?.endsWith('half\r\n')], [0, true]);
  });

  it('gets heads without bodies where there are none', async (t) => {
    const { url } = await spoken(t, ({ method }) => (method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' : 'HTTP/1.1 204 No Content\r\n\r\n'));
    const session = openSession(t, url);
    const head = await ask2(session, { ':method': 'HEAD', ':path': '/' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', '']);
    assert.equal((await ask2(session, GET)).status, 204);
  });

  it('gets none with a 205, whatever its upstream says', async (t) => {
    const { url } = await spoken(t, () => answer('hello', '', '205 Reset Content'));
    const { status, body, reset } = await ask2(openSession(t, url), GET);
    assert.deepEqual([status, body, reset], [205, '', 0]);
  });

  for (const [what, headers] of Object.entries({
    'a Host beside another authority': { ...GET, ':authority': 'a.test', host: 'other.test' },
    'a target in another form': { ':path': '*', ':method': 'OPTIONS' },
    'a scheme that is none of HTTP': { ...GET, ':scheme': 'ftp' },
    'a path above the root': { ':path': '/../x' },
    'a fragment': { ':path': '/x#y' },
    'encoded slashes beside others': { ':path': '/a/%2F/b' },
  })) {
    it(`is refused with ${what}`, async (t) => {
      const { url, upstream } = await spoken(t);
      const { status } = await ask2(openSession(t, url), headers);
      assert.deepEqual([status, upstream.requests.length], [400, 0]);
    });
  }

  // RFC 9113, section 8.3.1: nghttp2 resets it from 1.64 on, before the gateway sees it
  for (const [what, headers] of Object.entries({ 'an authority': { ':authority': 'user@a.test' }, 'a Host': { host: 'user@a.test' } })) {
    it(`is ${nghttp2Since(1, 64) ? 'reset' : 'refused'} with ${what} with a user, and its connection lives on`, async (t) => {
      const { url, upstream } = await spoken(t);
      const session = openSession(t, url);
      const { status, reset } = await ask2(session, { ...GET, ...headers });
      assert.deepEqual([status, reset, upstream.requests.length], [...(nghttp2Since(1, 64) ? [undefined, 1] : [400, 0]), 0]);
      assert.equal((await ask2(session, GET)).status, 200);
    });
  }

  it('is taken with a Host alone, and with one that is the authority', async (t) => {
    const { port } = await spoken(t);
    const { socket, frames } = await rawSession(t, port);
    const start: [string, string][] = [[':method', 'GET'], [':scheme', 'http'], [':path', '/']];
    socket.write(frame(1, 5, 1, literals([...start, ['host', 'a.test']])));
    socket.write(frame(1, 5, 3, literals([...start, [':authority', 'a.test'], ['host', 'a.test']])));
    socket.write(frame(1, 5, 5, literals(start)));
    await until(() => new Set(frames.filter(({ type }) => type === 1 || type === 3).map(({ stream }) => stream)).size === 3, 'three outcomes');
    // the static table of HPACK: 8 is 200; without either it is reset
    const heads = frames.filter(({ type }) => type === 1).map(({ stream, payload }) => [stream, (payload[0] ?? 0) & 0x7f]);
    assert.deepEqual(Object.fromEntries(heads), { 1: 8, 3: 8 });
  });

  for (const [what, fields] of Object.entries<readonly (readonly [string, string])[]>({
    'a header of one connection': [['connection', 'close']],
    'a transfer coding': [['transfer-encoding', 'chunked']],
    'an upgrade': [['upgrade', 'websocket']],
    'TE of more than trailers': [['te', 'gzip']],
    'a name in capitals': [['X-Big', '1']],
    'two paths': [[':path', '/b']],
    'a WebSocket (RFC 8441)': [[':protocol', 'websocket']],
    'two lengths': [['content-length', '1'], ['content-length', '2']],
    'a length and no body': [['content-length', '3']],
  })) {
    it(`is reset with ${what}, and its connection lives on`, async (t) => {
      const { port, upstream } = await spoken(t);
      const { socket, frames } = await rawSession(t, port);
      const start: [string, string][] = [[':method', 'GET'], [':scheme', 'http'], [':authority', 'a.test'], [':path', '/']];
      const order = fields.some(([name]) => name.startsWith(':')) ? [...start, ...fields] : [...start, ...fields];
      socket.write(frame(1, 5, 1, literals(order)));
      await until(() => frames.some(({ type, stream }) => type === 3 && stream === 1), 'a reset');
      socket.write(frame(1, 5, 3, literals(start)));
      await until(() => frames.some(({ type, stream }) => type === 1 && stream === 3), 'an answer');
      assert.equal(upstream.requests.length, 1);
    });
  }

  it('loses a field that could be taken for two', async (t) => {
    const { port, upstream } = await spoken(t);
    const { socket } = await rawSession(t, port);
    socket.write(frame(1, 5, 1, literals([[':method', 'GET'], [':scheme', 'http'], [':authority', 'a.test'], [':path', '/'], ['x-a', '1\r\nx-b: 2'], ['x-c: 1\r\nx-d', '2'], ['x-e', '\0']])));
    await until(() => upstream.requests.length === 1, 'it is asked');
    assert.doesNotMatch(upstream.bytes[0] ?? '', /x-[a-e]/);
  });

  it('is reset when its body is shorter than it said, and the upstream sees no whole request', async (t) => {
    const { upstream, frames, send, gateway } = await measured(t, 'hell');
    await until(() => frames.some(({ type, stream }) => type === 3 && stream === 1), 'a reset');
    await until(() => gateway.gateway.table.inFlight === 0 && upstream.open() === 0, 'nothing is left');
    send(3, 'hello');
    await until(() => frames.some(({ type, stream }) => type === 1 && stream === 3), 'an answer');
    assert.deepEqual(upstream.requests.map(({ body }) => body), ['hello']);
  });

  // nghttp2 decides: from 1.69 on it gives up the connection, and with it what else goes over that
  const overlong = nghttp2Since(1, 69) ? 'ends its connection' : 'is reset';
  it(`${overlong} when its body is longer than it said, and the upstream sees no whole request`, async (t) => {
    const { upstream, frames, send, closed, gateway } = await measured(t, 'helloGET /smuggled HTTP/1.1\r\n\r\n');
    if (nghttp2Since(1, 69)) await until(() => frames.some(({ type }) => type === 7) && closed(), 'the connection is given up');
    else await until(() => frames.some(({ type, stream }) => type === 3 && stream === 1), 'a reset');
    await until(() => gateway.gateway.table.inFlight === 0 && upstream.open() === 0, 'nothing is left');
    assert.doesNotMatch(upstream.bytes.join(''), /smuggled/);
    if (!nghttp2Since(1, 69)) {
      send(3, 'hello');
      await until(() => frames.some(({ type, stream }) => type === 1 && stream === 3), 'an answer');
    }
    assert.deepEqual(upstream.requests.map(({ body }) => body), nghttp2Since(1, 69) ? [] : ['hello']);
  });

  it('is refused with more headers than any client sends', async (t) => {
    const { url, upstream } = await spoken(t);
    const session = openSession(t, url, { maxSendHeaderBlockLength: 200_000 });
    const many = Object.fromEntries(Array.from({ length: 1005 }, (_, i) => [`x${i}`, '']));
    const large = { 'x-large': 'a'.repeat(40_000) };
    const outcomes = [await ask2(session, { ...GET, ...many }), await ask2(session, { ...GET, ...large })];
    assert.deepEqual(outcomes.map(({ status, reset }) => status === 431 || reset !== 0), [true, true]);
    assert.equal(upstream.requests.length, 0);
  });

  it('that its client resets ends upstream at once', async (t) => {
    const { url, upstream, gateway } = await spoken(t, () => undefined);
    const stream = openSession(t, url).request(GET);
    await until(() => upstream.requests.length === 1, 'it is asked');
    stream.close(8);
    await until(() => upstream.open() === 0, 'the connection upstream is closed');
    assert.equal(gateway.gateway.table.inFlight, 0);
  });

  it('is not taken for whole when the upstream breaks off', async (t) => {
    const { url } = await spoken(t, (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      setImmediate(() => socket.destroy());
    });
    const { status, body, reset } = await ask2(openSession(t, url), GET);
    assert.deepEqual([status, body, reset], [200, 'half', 2]);
  });

  it('answered early is told to send no more', async (t) => {
    const { url } = await spoken(t, () => undefined);
    const stream = openSession(t, url).request({ ':method': 'POST', ':path': '/../' });
    stream.write('begin');
    const { status, reset } = await outcomeOf(stream);
    assert.deepEqual([status, reset], [400, 0]);
  });

  it('waits for a slow reader without holding what the upstream sends', async (t) => {
    const size = 20_000_000;
    const { url, upstream } = await spoken(t, (_, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      socket.write(Buffer.alloc(size, 'x'));
    });
    const stream = openSession(t, url).request(GET);
    await once(stream, 'response');
    let before = -1;
    await until(() => {
      const left = upstream.sockets[0]?.writableLength ?? 0;
      const still = left === before;
      before = left;
      return still && left > 0;
    }, 'the upstream is held');
    let length = 0;
    stream.on('data', (chunk: Buffer) => (length += chunk.length));
    await once(stream, 'end');
    assert.equal(length, size);
  });
});

describe('a client of HTTP/2 that is too slow', () => {
  it('is answered 408 when it pauses within a body', async (t) => {
    const { url } = await spoken(t, undefined, 'client_timeouts: {body: 0.3}');
    const stream = openSession(t, url).request({ ':method': 'POST', ':path': '/' });
    stream.write('begin');
    assert.equal((await outcomeOf(stream)).status, 408);
  });

  it('loses its connection when it asks for nothing, or never ends its head', async (t) => {
    const { port } = await spoken(t, undefined, 'client_timeouts: {header: 0.3, idle: 0.3}');
    const silent = await rawSession(t, port);
    const halting = await rawSession(t, port);
    halting.socket.write(frame(1, 0, 1, literals([[':method', 'GET']])));
    await until(() => silent.closed() && halting.closed(), 'both are closed');
  });

  it('keeps its connection while it asks for something now and then, however quickly each is answered', async (t) => {
    const { url } = await spoken(t, undefined, 'client_timeouts: {header: 0.3, idle: 0.6}');
    const session = openSession(t, url);
    for (const began = performance.now(); performance.now() - began < 2500; await pause(40)) assert.equal((await ask2(session, GET)).status, 200);
  });

  it('is reset when it takes nothing of an answer', async (t) => {
    const { url, upstream } = await spoken(t, () => answer('x'.repeat(3_000_000)), 'client_timeouts: {write: 0.5}');
    const stream = openSession(t, url).request(GET);
    stream.on('error', () => {});
    await once(stream, 'response');
    await new Promise((resolve) => stream.once('close', resolve));
    await until(() => upstream.open() === 0, 'the connection upstream is closed');
  });
});

describe('a flood over HTTP/2', () => {
  const start: [string, string][] = [[':method', 'GET'], [':scheme', 'http'], [':authority', 'a.test'], [':path', '/']];
  for (const [what, flood] of Object.entries<(i: number) => Buffer>({
    'of resets': (i) => Buffer.concat([frame(1, 5, i * 2 + 1, literals(start)), frame(3, 0, i * 2 + 1, Buffer.of(0, 0, 0, 8))]),
    'of settings': () => frame(4, 0, 0, Buffer.of(0, 3, 0, 0, 0, 100)),
    'of pings': () => frame(6, 0, 0, Buffer.alloc(8)),
    'of continuations': (i) => (i === 0 ? frame(1, 1, 1, literals(start)) : frame(9, 0, 1, literals([['x-a', 'b']]))),
    'of bodies that nobody wants': (i) => Buffer.concat([frame(1, 4, i * 2 + 1, literals([...start.slice(0, 3), [':path', '/../']])), frame(0, i % 2, i * 2 + 1, Buffer.alloc(100)), ...(i % 3 === 0 ? [frame(3, 0, i * 2 + 1, Buffer.of(0, 0, 0, 8))] : [])]),
    'of empty data': (i) => (i === 0 ? frame(1, 4, 1, literals(start)) : frame(0, 0, 1)),
  })) {
    it(`${what} is bounded, and others are served meanwhile`, async (t) => {
      const { port, url, gateway } = await spoken(t);
      const { socket, closed } = await rawSession(t, port);
      const memory = process.memoryUsage().rss;
      // answers are not read, so that acknowledgements pile up
      socket.pause();
      for (let i = 0; i < 20_000 && !socket.destroyed; i += 200) {
        const sent = socket.write(Buffer.concat(Array.from({ length: 200 }, (_, k) => flood(i + k))));
        if (!sent) await Promise.race([once(socket, 'drain'), once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 50))]);
      }
      assert.equal((await ask2(openSession(t, url), GET)).status, 200);
      socket.resume();
      if (what === 'of resets' || what === 'of settings' || what === 'of continuations') await until(closed, 'the flood is cut', 15_000);
      socket.destroy();
      await until(() => gateway.gateway.table.inFlight === 0, 'nothing is left');
      assert.ok(process.memoryUsage().rss - memory < 200_000_000);
    });
  }
});

describe('HTTP/2 over TLS', () => {
  const client = { cert: pem('client'), key: pem('client.key') };

  it('serves a connection that was authenticated for one name for no other', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, `${openTo(upstream.port)}\nssls:${site('"*.api.test"', 'server', demands())}${site('open.test')}`);
    const port = await listenAlso(t, gateway.gateway, { tls: true, http2: true });
    const statusFor = async (servername: string, authority: string, options = {}): Promise<number | undefined> =>
      (await ask2(openSession(t, `https://127.0.0.1:${port}`, { servername, ...options }), { ...GET, ':authority': authority })).status;
    assert.equal(await statusFor('a.api.test', 'a.api.test', client), 200);
    assert.equal(await statusFor('a.api.test', 'b.api.test', client), 400);
    assert.equal(await statusFor('a.api.test', 'open.test', client), 400);
    assert.equal(await statusFor('open.test', 'a.api.test', client), 400);
    assert.equal(await statusFor('a.api.test', 'a.api.test'), 400);
    assert.equal(await statusFor('open.test', 'open.test'), 200);
  });

  it('is spoken only where the listener says so', async (t) => {
    const gateway = await startGateway(t, `routes: []\nssls:${site('api.test')}`);
    const port = await listenAlso(t, gateway.gateway, { tls: true, http2: false });
    const session = openSession(t, `https://127.0.0.1:${port}`, { servername: 'api.test' });
    await until(() => session.destroyed, 'the session is refused');
  });

  it('tells its clients to go at a shutdown, and lets their requests end', async (t) => {
    let release = (): void => {};
    const { url, gateway, upstream } = await spoken(t, (_, socket) => void (release = () => socket.write(answer('late'))));
    const session = openSession(t, url);
    const asked = ask2(session, GET);
    await until(() => upstream.requests.length === 1, 'it is asked');
    const told = once(session, 'goaway');
    gateway.gateway.close();
    await told;
    release();
    assert.deepEqual([(await asked).body, session.closed], ['late', true]);
  });
});
