import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { startDeaf } from '../support/deaf.js';
import { startGateway, type Closing } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { ask, connect, get, until } from '../support/raw.js';
import { answer, refusing, startHostile, startUpstream, type RawUpstream } from '../support/upstream.js';

/** A route to several nodes, asked in this order by the first request. */
const over = (ports: readonly number[], more = ''): string => `
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    timeout: {connect: 0.2, send: 0.2, read: 0.2}
    nodes: [${ports.map((port) => `{host: 127.0.0.1, port: ${port}, weight: 1}`).join(', ')}]
    ${more}`;

const body = (method: string, text = 'hi'): string => `${method} / HTTP/1.1\r\nHost: h\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
const chunked = (method: string, text: string): string => `${method} / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/** Takes a request, and resets its connection. */
const resetting = (t: Closing): Promise<RawUpstream> => startUpstream(t, (_request, socket) => void socket.resetAndDestroy());
/** Takes requests, and never answers. */
const silent = (t: Closing): Promise<RawUpstream> => startUpstream(t, () => undefined);

async function sent(t: TestContext, yaml: string, request: string, milliseconds = 3000): Promise<Message> {
  const gateway = await startGateway(t, yaml);
  return (await ask(gateway.port, request, milliseconds)) ?? assert.fail('cut');
}

describe('a request is tried on the next node', () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH', 'PURGE']) {
    it(`when one refuses: ${method}`, async (t) => {
      const good = await startUpstream(t);
      assert.equal(statusOf(await sent(t, over([await refusing(), good.port]), body(method))), 200);
      assert.equal(good.requests[0]?.body, 'hi');
    });
  }

  it('when one does not take connections: POST', { skip: process.platform !== 'linux' }, async (t) => {
    const good = await startUpstream(t);
    assert.equal(statusOf(await sent(t, over([await startDeaf(t), good.port]), body('POST'))), 200);
    assert.equal(good.requests[0]?.body, 'hi');
  });

  for (const [how, start] of [['resets it', resetting], ['does not answer in time', silent]] as const) {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      it(`when one ${how}: ${method}`, async (t) => {
        const [bad, good] = [await start(t), await startUpstream(t)];
        assert.equal(statusOf(await sent(t, over([bad.port, good.port]), body(method))), 200);
        assert.deepEqual([bad.requests.length, good.requests.length, good.requests[0]?.body], [1, 1, 'hi']);
      });
    }

    for (const [name, request] of [['POST', body('POST')], ['PATCH', body('PATCH')], ['a chunked POST', chunked('POST', 'hi')], ['an empty POST', body('POST', '')], ['PURGE', get('/', '', 'PURGE')]] as const) {
      it(`but not when one ${how} that changes something: ${name}`, async (t) => {
        const [bad, good] = [await start(t), await startUpstream(t)];
        assert.equal(statusOf(await sent(t, over([bad.port, good.port]), request)), how === 'resets it' ? 502 : 504);
        assert.deepEqual([bad.requests.length, good.requests.length], [1, 0]);
      });
    }
  }

  for (const status of ['500 No', '502 Bad', '503 Busy', '504 Late', '429 Slow']) {
    it(`but not when one answers ${status}`, async (t) => {
      const [first, second] = [await startUpstream(t, () => answer('own', '', status)), await startUpstream(t)];
      const message = await sent(t, over([first.port, second.port]), get('/'));
      assert.equal(message.body, 'own');
      assert.equal(second.requests.length, 0);
    });
  }

  it('but not when one answers what is no HTTP, nor once an answer has begun', async (t) => {
    for (const [reply, status] of [['nonsense\r\n\r\n', 502], ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', 0]] as const) {
      const [first, second] = [await startUpstream(t, (_request, socket) => void socket.end(reply)), await startUpstream(t)];
      const gateway = await startGateway(t, over([first.port, second.port]));
      const message = await ask(gateway.port, get('/'));
      assert.equal(message ? statusOf(message) : 0, status);
      assert.equal(second.requests.length, 0);
    }
  });
});

describe('attempts', () => {
  it('are as many as nodes unless `retries` says otherwise, and none asks a node twice', async (t) => {
    const bad = await Promise.all([1, 2, 3].map(() => resetting(t)));
    for (const [retries, expected] of [['', 3], ['retries: 0', 1], ['retries: 1', 2], ['retries: 99', 3]] as const) {
      const before = bad.map(({ requests }) => requests.length);
      const message = await sent(t, over(bad.map(({ port }) => port), retries), get('/'));
      assert.equal(statusOf(message), 502);
      assert.deepEqual(values(message, 'x-apisix-upstream-status'), [Array(expected).fill(502).join(', ')]);
      const asked = bad.map(({ requests }, i) => requests.length - (before[i] ?? 0));
      assert.equal(asked.reduce((a, b) => a + b), expected);
      assert.ok(Math.max(...asked) === 1);
    }
  });

  it('tell all statuses when the last is a failure of the upstream, and none when it is not', async (t) => {
    const [late, busy, good] = [await silent(t), await startUpstream(t, () => answer('no', '', '503 Busy')), await startUpstream(t)];
    const failed = await sent(t, over([await refusing(), late.port, busy.port]), get('/'));
    assert.deepEqual(values(failed, 'x-apisix-upstream-status'), ['502, 504, 503']);
    const fine = await sent(t, over([await refusing(), good.port]), get('/'));
    assert.deepEqual(values(fine, 'x-apisix-upstream-status'), []);
  });

  it('end with the status of the last one', async (t) => {
    assert.equal(statusOf(await sent(t, over([await refusing(), (await silent(t)).port]), get('/'))), 504);
    assert.equal(statusOf(await sent(t, over([(await silent(t)).port, await refusing()]), get('/'))), 502);
  });

  it('do not begin after `retry_timeout`, which counts from the first: 502', async (t) => {
    const [late, good] = [await silent(t), await startUpstream(t)];
    const message = await sent(t, over([late.port, good.port], 'retry_timeout: 0.1'), get('/'));
    assert.deepEqual([statusOf(message), good.requests.length], [502, 0]);
    assert.equal(statusOf(await sent(t, over([late.port, good.port], 'retry_timeout: 5'), get('/'))), 200);
  });

  it('take a fresh connection to each node whose kept one was closed', async (t) => {
    // each connection serves one request, and is closed by the second
    const nodes = await Promise.all([1, 2, 3].map(() => {
      const served: number[] = [];
      return startUpstream(t, ({ connection }, socket) => {
        served[connection] = (served[connection] ?? 0) + 1;
        if (served[connection] === 1) return answer();
        socket.resetAndDestroy();
        return undefined;
      });
    }));
    const gateway = await startGateway(t, over(nodes.map(({ port }) => port)));
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 30; i++) assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
    assert.deepEqual(nodes.map(({ requests }) => Math.abs(requests.length - 19) <= 1), [true, true, true], nodes.map(({ requests }) => requests.length).join());
  });

  it('find a node whose kept connection is dead after one that is gone', async (t) => {
    let gone = (): unknown => undefined;
    const first = await startUpstream({ after: (close) => void (gone = close) });
    const requests: number[] = [];
    const second = await startUpstream(t, ({ connection }, socket) => {
      requests[connection] = (requests[connection] ?? 0) + 1;
      if (requests[connection] === 1) return answer();
      socket.resetAndDestroy();
      return undefined;
    });
    const gateway = await startGateway(t, over([first.port, second.port]));
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 2; i++) assert.ok(await client.send(get('/')).response());
    gone();
    assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
    assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
  });

  it('go on while the others serve: a node that is gone costs the weights nothing', async (t) => {
    const [a, b] = [await startUpstream(t), await startUpstream(t)];
    const yaml = over([await refusing(), a.port, b.port]).replace(`${b.port}, weight: 1`, `${b.port}, weight: 3`);
    const gateway = await startGateway(t, yaml);
    const client = await connect(t, gateway.port);
    for (let i = 0; i < 100; i++) assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
    assert.ok(Math.abs(a.requests.length - 25) <= 1 && a.requests.length + b.requests.length === 100, `${a.requests.length}, ${b.requests.length}`);
  });
});

describe('a body that is sent again', () => {
  const text = Array.from({ length: 6000 }, (_, i) => String(i).padStart(10, '0')).join('');

  for (const [name, request] of [['with a length', body('PUT', text)], ['in chunks', chunked('PUT', text)], ['in chunks, empty', 'PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n']] as const) {
    for (const [how, start] of [['reset', resetting], ['silent', silent]] as const) {
      it(`arrives whole ${name} after a ${how} node`, async (t) => {
        const [bad, good] = [await start(t), await startUpstream(t)];
        assert.equal(statusOf(await sent(t, over([bad.port, good.port]), request)), 200);
        assert.equal(good.requests[0]?.body, name.endsWith('empty') ? '' : text);
      });
    }

    it(`arrives whole ${name} after a node that refuses`, async (t) => {
      const good = await startUpstream(t);
      assert.equal(statusOf(await sent(t, over([await refusing(), good.port]), request)), 200);
      assert.equal(good.requests[0]?.body, name.endsWith('empty') ? '' : text);
    });
  }

  it('arrives whole when the client sends it in pieces, before and after the failure', async (t) => {
    let failed = (): void => {};
    const failure = new Promise<void>((resolve) => (failed = resolve));
    const bad = await startHostile(t, (socket) => socket.on('data', (seen: string) => {
      if (!seen.endsWith('first')) return;
      socket.resetAndDestroy();
      failed();
    }));
    const good = await startUpstream(t);
    const gateway = await startGateway(t, over([bad.port, good.port]));
    const client = (await connect(t, gateway.port)).send('PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nfirst');
    await failure;
    await until(() => good.sockets.length === 1);
    client.send('second');
    assert.equal(statusOf((await client.response('PUT')) ?? assert.fail('cut')), 200);
    assert.equal(good.requests[0]?.body, 'firstsecond');
  });

  it('arrives whole when it is large and the first node never took any of it', async (t) => {
    const large = 'x'.repeat(4 * 1024 * 1024);
    const good = await startUpstream(t);
    assert.equal(statusOf(await sent(t, over([await refusing(), good.port], ''), body('POST', large), 5000)), 200);
    assert.equal(good.requests[0]?.body.length, large.length);
  });

  it('is not kept beyond 64 KiB: then the failure is the answer', async (t) => {
    const large = 'x'.repeat(1024 * 1024);
    const [bad, good] = [await resetting(t), await startUpstream(t)];
    const gateway = await startGateway(t, over([bad.port, good.port]));
    const client = (await connect(t, gateway.port)).send(body('PUT', large));
    assert.equal(statusOf((await client.response('PUT')) ?? assert.fail('cut')), 502);
    assert.equal(good.requests.length, 0);
    assert.equal(statusOf((await client.send(get('/')).response()) ?? assert.fail('cut')), 200);
  });

  it('arrives with its trailers', async (t) => {
    const END = '2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n';
    const received = ['', ''];
    const keep = (node: number) => (socket: Socket): void => void socket.on('data', (seen: string) => {
      received[node] += seen;
      if (node === 0 && received[0]?.endsWith(END)) socket.resetAndDestroy();
    });
    const [bad, good] = [await startHostile(t, keep(0)), await startHostile(t, keep(1))];
    const gateway = await startGateway(t, over([bad.port, good.port]));
    (await connect(t, gateway.port)).send(`PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${END}`);
    await until(() => received[1]?.endsWith(END) === true);
  });

  it('is asked for by the second node, of a client that waits to be asked', async (t) => {
    const good = await startHostile(t, (socket) => socket.on('data', (seen: string) => {
      if (/expect: 100/i.test(seen)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      if (seen.endsWith('hi')) socket.write(answer('hi'));
    }));
    const gateway = await startGateway(t, over([await refusing(), good.port]));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    await until(() => client.received.startsWith('HTTP/1.1 100 '));
    assert.equal((await client.send('hi').response('POST'))?.body, 'hi');
  });

  it('goes nowhere when its client leaves between two attempts', async (t) => {
    const [bad, good] = [await silent(t), await startUpstream(t)];
    const gateway = await startGateway(t, over([bad.port, good.port]));
    const client = (await connect(t, gateway.port)).send(body('PUT'));
    await until(() => bad.requests.length === 1);
    client.socket.resetAndDestroy();
    await until(() => bad.open() === 0);
    assert.equal(good.sockets.length, 0);
    await until(() => gateway.gateway.table.inFlight === 0);
  });
});
