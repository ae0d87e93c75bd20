import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { connect, get, until, type RawClient } from '../support/raw.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';

/** What a client is sent when the upstream answers so, up to its final answer, which must be whole. */
async function received(t: TestContext, reply: string, request = get('/')): Promise<string> {
  const upstream = await startUpstream(t, ({ target }) => (target === '/next' ? answer('next') : reply));
  const gateway = await startGateway(t, openTo(upstream.port));
  const client = (await connect(t, gateway.port)).send(request);
  await until(() => client.received.endsWith('ok') || client.closed);
  const before = client.received;
  assert.equal((await client.response())?.body, 'ok', before);
  if (!request.includes('HTTP/1.0')) assert.equal((await client.send(get('/next')).response())?.body, 'next');
  return before;
}

const hints = (...links: readonly string[]): string => `HTTP/1.1 103 Early Hints\r\n${links.map((link) => `Link: ${link}\r\n`).join('')}\r\n${answer()}`;

describe('an interim answer', () => {
  for (const [what, interim, expected] of [
    ['100', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'],
    ['103 with more', 'HTTP/1.1 103 x\r\nlink: </a>\r\nX-B: 1\r\nConnection: X-C\r\nX-C: 1\r\nContent-Length: 5\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nx-b: 1\r\n\r\n'],
    ['several', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 x\r\nLink: </a>\r\n\r\nHTTP/1.1 103 x\r\nLink: </b>\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n'],
    ['one that nobody knows', 'HTTP/1.1 199 x\r\nX: y\r\n\r\n', ''],
  ] as const) {
    it(`passes to an HTTP/1.1 client: ${what}`, async (t) => assert.ok((await received(t, interim + answer())).startsWith(`${expected}HTTP/1.1 200 OK\r\n`)));
    it(`does not pass to an HTTP/1.0 client: ${what}`, async (t) => assert.ok((await received(t, interim + answer(), 'GET / HTTP/1.0\r\n\r\n')).startsWith('HTTP/1.1 200 OK\r\n')));
  }

  it('of 103 may hold several links, in one header or several', async (t) => {
    const seen = await received(t, hints('</a.css>; rel=preload; as=style, </b.js>;rel=preload', '<https://c.test/?x=1,2>; rel=preconnect'));
    assert.match(seen, /\r\nLink: <\/a\.css>; rel=preload; as=style, <\/b\.js>;rel=preload, <https:\/\/c\.test\/\?x=1,2>; rel=preconnect\r\n/);
  });

  for (const link of ['', 'x', '<', '<>', '<x', '</a>; rel="a b"', '</a>; title="a, <b>"', '</a>;;;', ',', ', ,', '<a>, x', '\xe9', '<\xe9>', `<${'a'.repeat(20_000)}>`, '<a>;'.repeat(3000), `</a>${'; a=b'.repeat(60)}; "`, `</a>${'; a="b"'.repeat(3000)}; "`, `</a>${'; a=b'.repeat(3000)}`, `</a>${';a=b=c'.repeat(60)}\t x`, `<a>${' ;'.repeat(3000)}"`, '__proto__']) {
    it(`of 103 harms nobody with an odd link: ${JSON.stringify(link.slice(0, 20))}`, async (t) => {
      const started = performance.now();
      await received(t, hints(link, link));
      assert.ok(performance.now() - started < 1000);
    });
  }

  it('goes out for the request that it belongs to when several are sent in one go', async (t) => {
    let waiting = (): void => {};
    const upstream = await startUpstream(t, ({ target }, socket) => {
      if (target === '/fast') return hints('</fast>');
      waiting = () => socket.write(answer('slow'));
      return undefined;
    });
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(get('/slow') + get('/fast'));
    await until(() => upstream.requests.length === 2);
    waiting();
    assert.equal((await client.response())?.body, 'slow');
    await until(() => client.received.endsWith('ok'));
    assert.match(client.received, /^HTTP\/1\.1 103 [^]*fast[^]*HTTP\/1\.1 200 /);
  });

  it('before a failure leaves the failure its page', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => void socket.end('HTTP/1.1 103 x\r\nLink: </a>\r\n\r\n'));
    const gateway = await startGateway(t, openTo(upstream.port));
    const message = await (await connect(t, gateway.port)).send(get('/')).response();
    assert.equal(message && statusOf(message), 502);
  });
});

describe('trailers', () => {
  const END = '2\r\nhi\r\n0\r\n';
  const post = (trailers: string, more = ''): string => `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n${more}\r\n${END}${trailers}\r\n`;

  it('of a request reach the upstream, but for those that would mean something else there', async (t) => {
    const seen = await upload(t, post(['X-Sum: 7', 'x-b: 1', 'X-B: 2', 'X-Latin: \xe9', 'X-Empty:',
      'Host: evil', 'Connection: close', 'Keep-Alive: 1', 'TE: x', 'Trailer: x', 'Upgrade: x', 'Expect: 100-continue', 'Proxy-Authorization: x', 'Authorization: x', 'Cookie: x',
      'X-Consumer-Username: root', 'x_consumer_username: root', 'X.Credential.Identifier: root', 'X-Consumer-Custom-Id: root', 'X-Real-IP: 6.6.6.6', 'X_Forwarded_For: 6.6.6.6', 'Forwarded: x', 'content_length: 5',
    ].map((line) => `${line}\r\n`).join('')));
    assert.equal(seen, `${END}X-Sum: 7\r\nx-b: 1\r\nX-B: 2\r\nX-Latin: \xe9\r\nX-Empty: \r\n\r\n`);
  });

  for (const framing of ['Content-Length: 5', 'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip']) {
    it(`of a request never frame it: ${framing}`, async (t) => {
      let seen = '';
      const upstream = await startHostile(t, (socket) => socket.on('data', (text: string) => {
        seen += text;
        if (seen.endsWith('X-Sum: 7\r\n\r\n')) socket.write(answer());
      }));
      const gateway = await startGateway(t, openTo(upstream.port));
      const client = (await connect(t, gateway.port)).send(post(`${framing}\r\nX-Sum: 7\r\n`));
      await until(() => client.closed || client.received.endsWith('ok'));
      assert.ok(!seen.slice(seen.indexOf('\r\n\r\n')).includes(framing));
      if (client.closed) assert.ok(!seen.includes('\r\n0\r\n'), 'a refused request looks whole');
    });
  }

  it('of a request may be none', async (t) => assert.equal(await upload(t, post('')), `${END}\r\n`));

  it('of a request that are no fields refuse it', async (t) => {
    const upstream = await startHostile(t, () => {});
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(post('X Evil: 1\r\n'));
    await until(() => client.closed || client.received.startsWith('HTTP/1.1 400'));
  });

  it('of an answer reach an HTTP/1.1 client, but for those that would mean something else there', async (t) => {
    const { client } = await download(t, 'X-Sum: 7\r\nx-b: 1\r\nX-B: \xe9\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nSet-Cookie: a=b\r\nTrailer: x\r\n', get('/'));
    await until(() => client.received.endsWith('\r\n\r\n') && client.received.includes('\r\n0\r\n'));
    assert.match(client.received, /\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nx-b: 1\r\nX-B: \xe9\r\n\r\n$/);
    assert.equal((await client.response())?.body, 'ok');
    assert.equal((await client.send(get('/')).response())?.body, 'ok');
  });

  it('of an answer do not reach an HTTP/1.0 client', async (t) => {
    const { client } = await download(t, 'X-Sum: 7\r\n', 'GET / HTTP/1.0\r\n\r\n');
    assert.match(await client.end(), /\r\n\r\nok$/);
  });

  it('that are too many are no end of an answer', async (t) => {
    const { client } = await download(t, `X: ${'x'.repeat(70_000)}\r\n`, get('/'));
    assert.doesNotMatch(await client.end(), /\r\n0\r\n/);
  });

  const upload = async (t: TestContext, request: string): Promise<string> => {
    let seen = '';
    const upstream = await startHostile(t, (socket) => socket.on('data', (text: string) => {
      seen += text;
      if (/\r\n0\r\n([^\r\n]+\r\n)*\r\n$/.test(seen)) socket.write(answer());
    }));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(request);
    assert.equal((await client.response())?.body, 'ok', seen);
    assert.equal(/^trailer:/im.test(seen.slice(0, seen.indexOf('\r\n\r\n'))), false);
    return seen.slice(seen.indexOf('\r\n\r\n') + 4);
  };
  const download = async (t: TestContext, trailers: string, request: string): Promise<{ client: RawClient }> => {
    const upstream = await startUpstream(t, () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${trailers}\r\n`);
    const gateway = await startGateway(t, openTo(upstream.port));
    return { client: (await connect(t, gateway.port)).send(request) };
  };
});

describe('an answer without a body', () => {
  const HEADS = {
    'with a length': 'Content-Length: 5\r\n', 'in chunks': 'Transfer-Encoding: chunked\r\n', 'without framing': '', 'of length 0': 'Content-Length: 0\r\n',
  };
  for (const [method, status] of [['HEAD', '200 OK'], ['HEAD', '404 Not Found'], ['HEAD', '204 No Content'], ['HEAD', '304 Not Modified'], ['HEAD', '500 Oops'], ['GET', '204 No Content'], ['GET', '304 Not Modified'], ['POST', '204 No Content']] as const) {
    for (const [how, head] of Object.entries(HEADS)) {
      for (const version of ['1.1', '1.0'] as const) {
        it(`is one: ${method} ${status} ${how}, over HTTP/${version}`, async (t) => {
          const upstream = await startUpstream(t, ({ target }) => (target === '/next' ? answer('next') : `HTTP/1.1 ${status}\r\n${head}ETag: "x"\r\n\r\n`));
          const gateway = await startGateway(t, openTo(upstream.port));
          const client = await connect(t, gateway.port);
          const message = await client.send(`${method} / HTTP/${version}\r\nHost: h\r\nConnection: keep-alive\r\n\r\n`).response(method) ?? assert.fail('cut');
          assert.deepEqual([message.start, message.body, client.received], [`HTTP/1.1 ${status}`, '', '']);
          assert.deepEqual(values(message, 'etag'), ['"x"']);
          if (status.startsWith('204') || version === '1.0') assert.deepEqual(values(message, 'transfer-encoding'), []);
          if (client.closed || values(message, 'connection').join() === 'close') return assert.equal(version, '1.0');
          assert.equal((await client.send(get('/next')).response())?.body, 'next');
          assert.equal(upstream.sockets.length, 1);
        });
      }
    }
  }

  it('of the gateway itself is one to HEAD', async (t) => {
    const gateway = await startGateway(t, 'routes: []');
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 2; i++) {
      const message = await client.send(get('/', '', 'HEAD')).response('HEAD') ?? assert.fail('cut');
      assert.deepEqual([statusOf(message), client.received], [404, '']);
    }
  });
});
