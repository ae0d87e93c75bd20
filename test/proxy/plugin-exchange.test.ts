import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Exchange } from '../../src/plugins/plugin.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { inAccess, probe, probed } from '../support/probe.js';
import { ask, connect, get, until } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

describe('headers that a plugin sets', () => {
  const seen = async (t: { after(close: () => unknown): void }, act: (x: Exchange) => void, headers: string): Promise<(readonly [string, string])[]> => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [inAccess((x) => void act(x))]);
    assert.equal(statusOf((await ask(gateway.port, get('/', headers))) ?? assert.fail('cut')), 200);
    return (upstream.requests[0]?.headers ?? []).filter(([name]) => /^x[-_.]a|^x-b/i.test(name));
  };

  it('replace the client\'s, in every spelling that a server takes for the name', async (t) => {
    assert.deepEqual(await seen(t, (x) => x.setHeader('X-A', 'mine'), 'X-A: 1\r\nx_a: 2\r\nX.A: 3\r\nX-B: 4\r\n'), [['X-B', '4'], ['X-A', 'mine']]);
  });

  it('replace what another set, and stand beside it when they are added', async (t) => {
    const act = (x: Exchange): void => {
      x.setHeader('X-A', 'one');
      x.setHeader('x-a', 'two');
      x.addHeader('X-A', 'three');
      x.addHeader('X-B', 'more');
    };
    assert.deepEqual(await seen(t, act, 'X-B: 1\r\n'), [['X-B', '1'], ['x-a', 'two'], ['X-A', 'three'], ['X-B', 'more']]);
  });

  it('can be removed again', async (t) => {
    assert.deepEqual(await seen(t, (x) => { x.setHeader('X-A', 'one'); x.removeHeader('x-a'); }, 'X-A: 1\r\n'), []);
  });

  it('carry no line break, and every letter as UTF-8', async (t) => {
    assert.deepEqual(await seen(t, (x) => x.setHeader('X-A', 'a\r\nX-B: 1\0 é'), ''), [['X-A', 'a%0D%0AX-B: 1%00 \xc3\xa9']]);
  });

  for (const name of ['X-Consumer-Username', 'X_Consumer_Username', 'x-consumer-anything', 'X-Forwarded-For', 'Host', 'Content-Length', 'transfer_encoding', 'Connection', 'Upgrade', 'a b', '']) {
    it(`may not be called ${JSON.stringify(name)}`, async (t) => {
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, probed(upstream.port), [inAccess((x) => x.setHeader(name, '1') as undefined)]);
      gateway.expectedErrors = 1;
      assert.equal(statusOf((await ask(gateway.port, get('/'))) ?? assert.fail('cut')), 500);
      assert.equal(upstream.requests.length, 0);
    });
  }
});

describe('a header for the client', () => {
  const act = (x: Exchange): undefined => x.addResponseHeader('X-Told', 'é') as undefined;
  it('stands on an upstream\'s answer', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [inAccess(act)]);
    assert.deepEqual(values((await ask(gateway.port, get('/'))) ?? assert.fail('cut'), 'x-told'), ['\xc3\xa9']);
  });

  it('stands on a plugin\'s reply, and on a fault', async (t) => {
    const gateway = await startGateway(t, probed(1), [inAccess((x) => { act(x); return x.path === '/tea' ? { status: 418 } : undefined; })]);
    for (const [path, status] of [['/tea', 418], ['/refused', 502]] as const) {
      const message = (await ask(gateway.port, get(path))) ?? assert.fail('cut');
      assert.deepEqual([statusOf(message), values(message, 'x-told')], [status, ['\xc3\xa9']]);
    }
  });
});

describe('the body of a request', () => {
  const LIMIT = 1000;
  const reads = (found: (string | undefined)[], reply = 413) => inAccess(async (x) => {
    const body = await x.body(LIMIT);
    found.push(body?.toString());
    return body === undefined && reply > 0 ? { status: reply } : undefined;
  });
  const post = (headers: string, body: string, version = '1.1'): string => `POST /p HTTP/${version}\r\nHost: a\r\n${headers}\r\n${body}`;

  for (const [name, request, body] of [
    ['with a length', post('Content-Length: 5\r\n', 'hello'), 'hello'],
    ['in chunks', post('Transfer-Encoding: chunked\r\n', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'), 'hello'],
    ['of HTTP/1.0', post('Content-Length: 5\r\n', 'hello', '1.0'), 'hello'],
    ['that is not there', get('/'), ''],
    ['of no bytes', post('Content-Length: 0\r\n', ''), ''],
    ['as large as the limit', post(`Content-Length: ${LIMIT}\r\n`, 'a'.repeat(LIMIT)), 'a'.repeat(LIMIT)],
  ] as const) {
    it(`${name} is read whole, and forwarded`, async (t) => {
      const found: (string | undefined)[] = [];
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, probed(upstream.port), [reads(found)]);
      assert.equal(statusOf((await ask(gateway.port, request)) ?? assert.fail('cut')), 200);
      assert.deepEqual([found, upstream.requests.map((r) => r.body)], [[body], [body]]);
    });
  }

  it('that a client waits to be asked for is asked for, and the upstream expects nothing', async (t) => {
    const found: (string | undefined)[] = [];
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [reads(found)]);
    const client = (await connect(t, gateway.port)).send(post('Content-Length: 5\r\nExpect: 100-continue\r\n', ''));
    await client.until(() => client.received.includes('HTTP/1.1 100 Continue\r\n\r\n'));
    const message = (await client.send('hello').response()) ?? assert.fail('cut');
    assert.deepEqual([statusOf(message), found, upstream.requests[0]?.body, values(upstream.requests[0] ?? message, 'expect')], [200, ['hello'], 'hello', []]);
  });

  for (const [name, headers, body] of [
    ['by its length', `Content-Length: ${LIMIT + 1}\r\n`, 'a'.repeat(LIMIT + 1)],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', `${(LIMIT + 200_000).toString(16)}\r\n${'a'.repeat(LIMIT + 200_000)}\r\n0\r\n\r\n`],
  ] as const) {
    it(`that is larger, ${name}, is not held; the connection stays in step behind a reply`, async (t) => {
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, probed(upstream.port), [reads([])]);
      const client = (await connect(t, gateway.port)).send(post(headers, body));
      assert.equal(statusOf((await client.response()) ?? assert.fail('cut')), 413);
      assert.equal(statusOf((await client.send(get('/next')).response()) ?? assert.fail('cut')), 200);
      assert.deepEqual(upstream.requests.map((r) => r.target), ['/next']);
    });

    it(`that is larger, ${name}, is forwarded whole when nobody minds`, async (t) => {
      const upstream = await startUpstream(t);
      const gateway = await startGateway(t, probed(upstream.port), [reads([], 0)]);
      assert.equal(statusOf((await ask(gateway.port, post(headers, body))) ?? assert.fail('cut')), 200);
      assert.equal(upstream.requests[0]?.body.replaceAll('a', ''), '');
      assert.equal(upstream.requests[0]?.body.length, body.replace(/[^a]/g, '').length - (name === 'in chunks' ? (body.split('\r\n')[0]?.replace(/[^a]/g, '').length ?? 0) : 0));
    });
  }

  it('is sent again to another node', async (t) => {
    const found: (string | undefined)[] = [];
    const upstream = await startUpstream(t);
    const nodes = `routes: [{id: r, uri: /*, plugins: {probe: {}}, upstream: {nodes: [{host: 127.0.0.1, port: 1, weight: 100}, {host: 127.0.0.1, port: ${upstream.port}, weight: 1}]}}]`;
    const gateway = await startGateway(t, nodes, [reads(found)]);
    assert.equal(statusOf((await ask(gateway.port, post('Content-Length: 5\r\n', 'hello'))) ?? assert.fail('cut')), 200);
    assert.deepEqual([found, upstream.requests.map((r) => r.body)], [['hello'], ['hello']]);
  });

  it('can be asked for again, also when the request is over', async (t) => {
    const found: (string | undefined)[] = [];
    const twice = probe(() => ({
      async access(x) {
        await x.body(LIMIT);
        found.push((await x.body(LIMIT))?.toString());
        return undefined;
      },
      log: (x) => void found.push(x.details.body?.toString()),
    }));
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [twice]);
    await ask(gateway.port, post('Content-Length: 5\r\n', 'hello'));
    await until(() => found.length === 2);
    assert.deepEqual(found, ['hello', 'hello']);
  });

  it('that several ask for at once is given to each that it is not too large for', async (t) => {
    const found: (string | undefined)[] = [];
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [inAccess(async (x) => {
      for (const body of await Promise.all([x.body(100), x.body(3), x.body(LIMIT)])) found.push(body?.toString());
      return undefined;
    })]);
    const client = (await connect(t, gateway.port)).send(post('Transfer-Encoding: chunked\r\n', '2\r\nhe\r\n'));
    await until(() => gateway.gateway.table.inFlight === 1);
    client.send('2\r\nll\r\n');
    const message = (await client.send('1\r\no\r\n0\r\n\r\n').response()) ?? assert.fail('cut');
    assert.equal(statusOf(message), 200);
    assert.deepEqual([found, upstream.requests.map((r) => r.body)], [['hello', undefined, 'hello'], ['hello']]);
  });

  it('of a client that leaves is given up, and nothing is sent on', async (t) => {
    const found: (string | undefined)[] = [];
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, probed(upstream.port), [reads(found, 0)]);
    const client = (await connect(t, gateway.port)).send(post('Content-Length: 5\r\n', 'he'));
    await until(() => gateway.gateway.table.inFlight === 1);
    client.socket.resetAndDestroy();
    await until(() => found.length === 1 && gateway.gateway.table.inFlight === 0);
    assert.deepEqual([found, upstream.requests.length], [[undefined], 0]);
  });

  it('that stops coming is a 408', async (t) => {
    const gateway = await startGateway(t, `${probed(1)}\ngateway: {client_timeouts: {body: 0.3}}`, [reads([])]);
    const client = (await connect(t, gateway.port)).send(post('Content-Length: 5\r\n', 'he'));
    assert.equal(statusOf((await client.response('POST', 4000)) ?? assert.fail('cut')), 408);
  });
});

describe('a consumer that a plugin makes up', () => {
  it('brings no line break along, and every letter as UTF-8', async (t) => {
    const upstream = await startUpstream(t);
    const credential = { id: 'a\nb', consumer: { username: 'é\r\nX-Forged: 1', customId: 'c\r\nd' } };
    const gateway = await startGateway(t, probed(upstream.port), [inAccess((x) => x.attach(credential) as undefined)]);
    assert.equal(statusOf((await ask(gateway.port, get('/'))) ?? assert.fail('cut')), 200);
    const sent = upstream.requests[0]?.headers.filter(([name]) => /consumer|credential|forged/i.test(name));
    assert.deepEqual(sent, [['X-Consumer-Username', '\xc3\xa9%0D%0AX-Forged: 1'], ['X-Credential-Identifier', 'a%0Ab'], ['X-Consumer-Custom-ID', 'c%0D%0Ad']]);
  });

  it('has a name, or the request is refused', async (t) => {
    const upstream = await startUpstream(t);
    for (const consumer of [null, {}, { username: 5 }]) {
      const rewrites = probe(() => ({ rewrite: (x) => x.attach({ consumer } as never) as undefined }));
      const gateway = await startGateway(t, probed(upstream.port), [rewrites]);
      gateway.expectedErrors = 1;
      assert.equal(statusOf((await ask(gateway.port, get('/'))) ?? assert.fail('cut')), 500);
    }
    assert.equal(upstream.requests.length, 0);
  });
});

it('what an exchange is told of itself', async (t) => {
  const told: unknown[] = [];
  const teller = probe(() => ({
    access: (x) => void told.push(x.host, x.address, x.scheme, x.query, x.cookie('b'), x.cookie('no'), x.route?.id, x.service, x.variable('route_id'), x.variable('nothing'), x.notes.size),
    log: (x) => void told.push(x.details.status, x.details.bodyBytes, x.details.upstreamStatuses, x.details.target, x.details.responseHeaders.includes('X-Up')),
  }));
  const upstream = await startUpstream(t, () => answer('hello', 'X-Up: 1\r\n', '201 Made'));
  const gateway = await startGateway(t, probed(upstream.port), [teller]);
  assert.equal(statusOf((await ask(gateway.port, 'GET //a/../x?q=1 HTTP/1.1\r\nHost: Shop.Example:8080\r\nCookie: a=1; b="2"\r\nCookie: c=3\r\n\r\n')) ?? assert.fail('cut')), 201);
  await until(() => told.length === 16);
  assert.deepEqual(told, ['shop.example', '127.0.0.1', 'http', 'q=1', '2', undefined, 'r1', undefined, 'r1', undefined, 0, 201, 5, [201], '//a/../x?q=1', true]);
});
