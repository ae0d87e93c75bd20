import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { connect, get, until, type RawClient } from '../support/raw.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';

const POST = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\n';

function limited(port: number, timeouts: string): string {
  return `${openTo(port)}\ngateway: {client_timeouts: {${timeouts}}}`;
}

async function served(t: TestContext, timeouts: string): Promise<{ gateway: TestGateway; client: RawClient }> {
  const upstream = await startUpstream(t, ({ body, target }) => answer(body === '' ? target : String(body.length)));
  const gateway = await startGateway(t, limited(upstream.port, timeouts));
  return { gateway, client: await connect(t, gateway.port) };
}

/** Sends a piece again and again until it is told to stop, or the connection ends. */
function drip(t: TestContext, client: RawClient, piece: string, every: number): { stop(): void } {
  const timer = setInterval(() => (client.closed || client.socket.destroyed ? clearInterval(timer) : client.send(piece)), every);
  t.after(() => clearInterval(timer));
  return { stop: () => clearInterval(timer) };
}

/** Waits for a final answer and the end of the connection; tells how long both took. */
async function refused(client: RawClient, status: number, within: number): Promise<number> {
  const began = performance.now();
  const message = await client.response('GET', within);
  const took = performance.now() - began;
  assert.equal(message && statusOf(message), status, message?.start ?? 'cut');
  await client.end(within);
  return took;
}

const between = (took: number, from: number, to: number): void => assert.ok(took >= from && took <= to, `${Math.round(took)} ms`);

describe('a head', { concurrency: 4 }, () => {
  it('that stops is answered 408 in time', async (t) => {
    const { client } = await served(t, 'header: 0.5');
    between(await refused(client.send('GET / HTTP/1.1\r\nHost: h\r\n'), 408, 2000), 300, 1500);
  });

  it('that drips is answered 408 in the same time', async (t) => {
    const { client } = await served(t, 'header: 0.5');
    drip(t, client.send('GET / HTTP/1.1\r\nHost: h\r\nX: '), 'x', 50);
    between(await refused(client, 408, 2000), 300, 1500);
  });

  it('of which nothing comes ends the connection without a word', async (t) => {
    const { client } = await served(t, 'header: 0.4');
    assert.equal(await client.end(), '');
  });

  it('has its whole time again on a kept-alive connection', async (t) => {
    const { client } = await served(t, 'header: 0.5, idle: 5');
    for (const path of ['/1', '/2']) {
      assert.equal((await client.send(get(path)).response())?.body, path);
      await pause(400);
    }
    await refused(client.send('GET /3 HTTP/1.1\r\n'), 408, 2000);
  });

  it('that is late behind answers on their way does not cut them', async (t) => {
    let finish = (): void => {};
    const upstream = await startUpstream(t, (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha');
      finish = () => void socket.write('lf');
    });
    const gateway = await startGateway(t, limited(upstream.port, 'header: 0.3'));
    const client = (await connect(t, gateway.port)).send(`${get('/1')}GET /2 HT`);
    await client.until(() => client.received.endsWith('ha'));
    await pause(900);
    finish();
    assert.equal((await client.response())?.body, 'half');
    await client.end();
  });
});

describe('a body', { concurrency: 4 }, () => {
  it('that pauses is answered 408, and the upstream is let go', async (t) => {
    const upstream = await startHostile(t, () => {});
    const gateway = await startGateway(t, limited(upstream.port, 'body: 0.5'));
    const client = await connect(t, gateway.port);
    between(await refused(client.send(`${POST}\r\nhi`), 408, 2500), 400, 1500);
    await until(() => upstream.open() === 0);
  });

  it('that pauses after its request was refused ends the connection', async (t) => {
    const gateway = await startGateway(t, 'routes: []\ngateway: {client_timeouts: {body: 0.5}}');
    const client = (await connect(t, gateway.port)).send(`${POST}\r\nhi`);
    const message = await client.response();
    assert.equal(message && statusOf(message), 404);
    await client.end();
  });

  it('that drips is answered 408, however steady', async (t) => {
    const { client } = await served(t, 'body: 0.5, min_rate: 500');
    drip(t, client.send(`${POST}\r\n`), 'x', 50);
    between(await refused(client, 408, 3000), 400, 1500);
  });

  it('that drips in chunks after its request was refused ends the connection', async (t) => {
    const gateway = await startGateway(t, 'routes: []\ngateway: {client_timeouts: {body: 0.5, min_rate: 500}}');
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n');
    drip(t, client, '1\r\nx\r\n', 50);
    await client.end(3000);
    assert.match(client.received, /^HTTP\/1\.1 404 /);
  });

  it('that is slow but above the least rate is served whole', async (t) => {
    const { client } = await served(t, 'body: 0.5, min_rate: 500');
    const steady = drip(t, client.send(`${POST}\r\n`), 'x'.repeat(160), 100);
    await until(() => client.socket.bytesWritten >= POST.length + 2 + 4000, 5000);
    steady.stop();
    assert.equal((await client.response())?.body, '4000');
  });

  it('is not blamed for an upstream that takes nothing', async (t) => {
    const size = 24 * 1024 * 1024;
    const upstream = await startHostile(t, (socket) => setTimeout(() => {
      socket.pause();
      setTimeout(() => socket.resume().on('data', () => { if (socket.bytesRead > size) socket.write(answer('taken')); }), 1800);
    }));
    const gateway = await startGateway(t, limited(upstream.port, 'body: 0.4, min_rate: 100'));
    const client = await connect(t, gateway.port);
    client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`).send('x'.repeat(size));
    assert.equal((await client.response('POST', 10_000))?.body, 'taken');
  });

  it('that nobody has asked for yet is not late', async (t) => {
    const upstream = await startHostile(t, (socket) => {
      socket.once('data', () => setTimeout(() => {
        socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        socket.once('data', () => socket.write(answer('went on')));
      }, 1200));
    });
    const gateway = await startGateway(t, limited(upstream.port, 'body: 0.4'));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    await client.until(() => client.received.includes('100 Continue'), 3000);
    assert.equal((await client.send('hi').response())?.body, 'went on');
  });

  it('that never comes after 100 Continue is answered 408', async (t) => {
    const upstream = await startHostile(t, (socket) => void socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n')));
    const gateway = await startGateway(t, limited(upstream.port, 'body: 0.4'));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    await refused(client, 408, 2500);
  });
});

describe('an answer', { concurrency: 4 }, () => {
  const endless = (t: TestContext, head: string) => startHostile(t, (socket) => void socket.once('data', () => {
    const piece = 'x'.repeat(64 * 1024);
    const write = (): void => { while (!socket.destroyed && socket.write(piece)); };
    socket.on('drain', write).write(head);
    write();
  }));

  for (const [how, head, request] of [
    ['of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n', get('/')],
    ['that ends with its connection', 'HTTP/1.1 200 OK\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n'],
  ] as const) {
    it(`${how} of which the client takes nothing is cut, and the upstream let go`, async (t) => {
      const upstream = await endless(t, head);
      const gateway = await startGateway(t, limited(upstream.port, 'write: 0.5'));
      const client = await connect(t, gateway.port);
      client.socket.pause();
      client.send(request);
      await until(() => upstream.open() === 1);
      await until(() => upstream.open() === 0, 4000, 'the upstream streams on');
      await until(() => gateway.gateway.table.inFlight === 0);
      client.socket.resume();
      await client.end();
    });
  }

  it('to each of many requests in one go, of which the client takes nothing, ends the connection', async (t) => {
    const upstream = await startUpstream(t, () => answer('x'.repeat(60_000)));
    const gateway = await startGateway(t, limited(upstream.port, 'write: 0.5'));
    const client = await connect(t, gateway.port);
    client.socket.pause();
    client.send(get('/').repeat(500));
    const look = drip(t, client, '\r\n', 100);
    await until(() => gateway.gateway.table.inFlight > 0);
    await until(() => gateway.gateway.table.inFlight === 0, 6000, 'the requests stay');
    look.stop();
  });

  it('that the client takes slowly is left alone', async (t) => {
    const size = 24 * 1024 * 1024;
    const upstream = await startUpstream(t, () => answer('x'.repeat(size)));
    const gateway = await startGateway(t, limited(upstream.port, 'write: 0.7'));
    const { socket } = await connect(t, gateway.port);
    let taken = 0;
    socket.removeAllListeners('data').on('data', (text: string) => {
      taken += text.length;
      // a MiB, and a rest: less at a time would not show through the buffers of the system
      if (taken % (1024 * 1024) < text.length) setTimeout(() => socket.resume(), 60).unref(), socket.pause();
    });
    socket.write(get('/'));
    const began = performance.now();
    await until(() => taken > size || socket.destroyed, 20_000);
    assert.ok(taken > size, `${taken} bytes`);
    assert.ok(performance.now() - began > 1000);
  });
});

describe('a connection', { concurrency: 4 }, () => {
  it('without a request is closed after its idle time', async (t) => {
    const { client } = await served(t, 'idle: 0.4');
    assert.equal((await client.send(get('/1')).response())?.body, '/1');
    const began = performance.now();
    assert.equal(await client.end(), '');
    between(performance.now() - began, 300, 1500);
  });

  it('with a request now and then stays, however quickly each is answered', async (t) => {
    const { client } = await served(t, 'idle: 0.6, header: 0.3');
    for (const began = performance.now(); performance.now() - began < 2500; await pause(40)) {
      assert.equal((await client.send(get('/1')).response())?.body, '/1');
    }
  });

  it('says how long it stays, for as long as it does', async (t) => {
    const { gateway, client } = await served(t, 'idle: 7');
    const hint = async (headers = ''): Promise<string[]> => values((await client.send(get('/1', headers)).response()) ?? assert.fail('cut'), 'keep-alive');
    assert.deepEqual([await hint(), await hint()], [['timeout=7'], ['timeout=7']]);
    gateway.swap('routes: []\ngateway: {client_timeouts: {idle: 9}}');
    assert.deepEqual([await hint(), await hint('Connection: close\r\n')], [['timeout=9'], []]);
  });

  it('that only sends line breaks after its request is closed', async (t) => {
    const { client } = await served(t, 'idle: 0.4, header: 0.4');
    assert.equal((await client.send(get('/1')).response())?.body, '/1');
    drip(t, client, '\r\n', 50);
    await client.end(4000);
  });

  it('that a client keeps open after its end is given up', async (t) => {
    const { gateway, client } = await served(t, '');
    client.socket.allowHalfOpen = true;
    client.send('NONSENSE\r\n\r\n');
    await client.until(() => client.received.includes('400'));
    const { connections } = gateway.gateway;
    await until(() => connections.size === 0, 4000, 'the connection stays');
  });

  it('follows a reload at once', async (t) => {
    const { gateway, client } = await served(t, 'idle: 60, body: 60');
    assert.equal((await client.send(get('/1')).response())?.body, '/1');
    client.send(`${POST}\r\nhi`);
    await until(() => gateway.gateway.table.inFlight === 1);
    gateway.swap('routes: []\ngateway: {client_timeouts: {body: 0.3, header: 0.3}}');
    await refused(client, 408, 2000);
    const late = (await connect(t, gateway.port)).send('GET');
    await refused(late, 408, 2000);
  });
});
