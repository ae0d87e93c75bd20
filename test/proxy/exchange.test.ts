import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ask, connect, get, until } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf, values } from '../support/message.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';

const MIB = 1024 * 1024;

describe('an exchange', () => {
  for (const [name, head, reply, body, method] of [
    ['a length', '', answer('hello'), 'hello', 'GET'],
    ['chunks', '', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n', 'hello', 'GET'],
    ['an empty body', '', answer(''), '', 'GET'],
    ['204', '', 'HTTP/1.1 204 No Content\r\n\r\n', '', 'DELETE'],
    ['304', '', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: "x"\r\n\r\n', '', 'GET'],
    ['the answer to HEAD', '', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n', '', 'HEAD'],
    ['the chunked answer to HEAD', '', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '', 'HEAD'],
    ['1xx before the answer', '', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${answer('hello')}`, 'hello', 'GET'],
    ['an empty reason', '', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok', 'ok', 'GET'],
    ['an error of the upstream\'s own', '', answer('own page', '', '500 Own'), 'own page', 'GET'],
  ] as const) {
    it(`passes ${name} on, and the connection serves the next`, async (t) => {
      const upstream = await startUpstream(t, ({ target }) => (target === '/next' ? answer('next') : reply));
      const gateway = await startGateway(t, openTo(upstream.port));
      const client = await connect(t, gateway.port);
      const message = (await client.send(get('/', head, method)).response(method)) ?? assert.fail('cut');
      assert.equal(message.body, body);
      assert.equal(message.start.split(' ')[1], /HTTP\/1\.1 ([2-5]\d\d)/.exec(reply)?.[1]);
      assert.deepEqual(values(message, 'content-length'), /^HTTP\/1\.1 (?!204).*\r\nContent-Length: (\d+)/s.exec(reply)?.slice(1, 2) ?? []);
      assert.equal((await client.send(get('/next')).response())?.body, 'next');
      assert.equal(upstream.sockets.length, 1);
    });
  }

  it('with an HTTP/1.0 client ends its connection, unless it asks to keep it', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port));
    const once = (await connect(t, gateway.port)).send('GET / HTTP/1.0\r\n\r\n');
    assert.match(await once.end(), /\r\n\r\nok$/);
    const kept = await connect(t, gateway.port);
    for (let i = 0; i < 2; i++) assert.equal((await kept.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n').response())?.body, 'ok');
  });

  it('gives an HTTP/1.0 client no chunks', async (t) => {
    const upstream = await startUpstream(t, () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n');
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.match(await client.end(), /\r\n\r\nok$/);
  });

  it('ends the connection of a client that says so', async (t) => {
    const upstream = await startUpstream(t, () => answer('ok', 'Connection: keep-alive\r\n'));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(get('/', 'Connection: close\r\n'));
    assert.match(await client.end(), /\r\nConnection: close\r\n/i);
  });

  it('is answered whatever its client sends after it has said that this is the last', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => void setImmediate(() => socket.write(answer('whole'))));
    const gateway = await startGateway(t, openTo(upstream.port));
    for (const more of [get('/another'), 'x'.repeat(100_000)]) {
      const client = (await connect(t, gateway.port)).send(get('/', 'Connection: close\r\n') + more);
      assert.match(await client.end(), /^HTTP\/1\.1 200 [^]*\r\n\r\nwhole$/);
    }
    assert.deepEqual(upstream.requests.map(({ target }) => target), ['/', '/']);
  });

  it('asks for the body of a client that waits to send it', async (t) => {
    // the upstream may be the one that decides: it asks, if it was told
    const upstream = await startHostile(t, (socket) => socket.on('data', (text: string) => {
      if (/expect: 100/i.test(text)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      if (text.endsWith('hi')) socket.write(answer('hi'));
    }));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    await until(() => client.received.startsWith('HTTP/1.1 100 '));
    assert.equal((await client.send('hi').response())?.body, 'hi');
  });

  it('passes chunks on as they come', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    });
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(get('/'));
    await until(() => client.received.includes('first'));
    upstream.sockets[0]?.write('6\r\nsecond\r\n0\r\n\r\n');
    assert.equal((await client.response())?.body, 'firstsecond');
  });

  it('ends when the upstream answers before it has the body', async (t) => {
    const upstream = await startHostile(t, (socket) => socket.once('data', () => socket.end(answer('enough', 'Connection: close\r\n', '413 Too Large'))));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nsome');
    assert.match((await client.response())?.start ?? '', /413|502/);
  });

  it('gives a slow sender its time: the upstream has to answer only what it has', async (t) => {
    const upstream = await startUpstream(t, ({ body }) => answer(body));
    const gateway = await startGateway(t, openTo(upstream.port, 'timeout: {connect: 0.3, send: 5, read: 0.3}'));
    const client = (await connect(t, gateway.port)).send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nsl');
    setTimeout(() => client.send('ow'), 500);
    assert.equal((await client.response())?.body, 'slow');
  });

  it('gives a slow reader its time', async (t) => {
    const body = 'x'.repeat(8 * MIB);
    const upstream = await startUpstream(t, () => answer(body));
    const gateway = await startGateway(t, openTo(upstream.port, 'timeout: {connect: 0.2, send: 0.2, read: 0.2}'));
    const client = (await connect(t, gateway.port)).send(get('/'));
    await until(() => client.received !== '');
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 700);
    // to look for the end of a response in each of its pieces takes longer than the response
    await client.until(() => client.received.length > body.length, 10_000);
    assert.equal((await client.response())?.body.length, body.length);
  });

  it('that the upstream does not answer in time is a 504, and the connection serves the next', async (t) => {
    const upstream = await startUpstream(t, ({ target }) => (target === '/next' ? answer('next') : undefined));
    const gateway = await startGateway(t, openTo(upstream.port, 'timeout: {connect: 0.3, send: 0.3, read: 0.3}'));
    const client = await connect(t, gateway.port);
    for (const request of [get('/'), 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi']) {
      const started = performance.now();
      assert.equal(statusOf((await client.send(request).response()) ?? assert.fail('cut')), 504);
      assert.ok(performance.now() - started > 250);
      assert.equal((await client.send(get('/next')).response())?.body, 'next');
    }
    await until(() => upstream.open() <= 1);
  });

  it('may pause as long as it comes on in time', async (t) => {
    const upstream = await startUpstream(t, (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
      let sent = 0;
      const drip = setInterval(() => (sent++ < 5 ? socket.write('x') : clearInterval(drip)), 120);
    });
    const gateway = await startGateway(t, openTo(upstream.port, 'timeout: {connect: 0.3, send: 0.3, read: 0.3}'));
    assert.equal((await ask(gateway.port, get('/')))?.body, 'xxxxx');
  });
});

describe('a body of 32 MiB', () => {
  const chunk = Buffer.alloc(64 * 1024, 'abcdefg');
  const rounds = (32 * MIB) / chunk.length;
  const digest = createHash('sha256');
  for (let i = 0; i < rounds; i++) digest.update(chunk);
  const expected = digest.digest('hex');

  it('comes down whole, and waits for a slow client', async (t) => {
    let produced = 0;
    const upstream = await startHostile(t, (socket) => socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${32 * MIB}\r\n\r\n`);
      const more = (): void => {
        while (produced < rounds) {
          produced++;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
      };
      more();
    }));
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.socket.removeAllListeners('data').pause();
    client.send(get('/'));
    await stalled(() => produced);
    assert.ok(produced * chunk.length < 24 * MIB, `${produced * chunk.length} bytes ahead of a client that reads nothing`);
    const hash = createHash('sha256');
    let [head, size] = ['', 0];
    client.socket.on('data', (text: string) => {
      let body = Buffer.from(text, 'latin1');
      if (!head.includes('\r\n\r\n')) {
        head += text;
        body = Buffer.from(head.slice(head.indexOf('\r\n\r\n') + 4), 'latin1');
      }
      size += body.length;
      hash.update(body);
    }).resume();
    await client.until(() => size === 32 * MIB, 8000);
    assert.equal(hash.digest('hex'), expected);
  });

  it('goes up whole, and waits for a slow upstream', async (t) => {
    const hash = createHash('sha256');
    let [size, resume] = [0, (): void => {}];
    const upstream = await startHostile(t, (socket) => {
      setImmediate(() => socket.pause());
      resume = () => {
        let head = '';
        socket.on('data', (text: string) => {
          let body = text;
          if (!head.includes('\r\n\r\n')) {
            head += text;
            body = head.includes('\r\n\r\n') ? head.slice(head.indexOf('\r\n\r\n') + 4) : '';
          }
          size += body.length;
          hash.update(body, 'latin1');
          if (size === 32 * MIB) socket.write(answer('all'));
        }).resume();
      };
    });
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = (await connect(t, gateway.port)).send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${32 * MIB}\r\n\r\n`);
    await until(() => upstream.sockets.length === 1);
    let sent = 0;
    const more = (): void => {
      while (sent < rounds) {
        sent++;
        if (!client.socket.write(chunk)) return void client.socket.once('drain', more);
      }
    };
    more();
    await stalled(() => sent);
    assert.ok(sent * chunk.length < 24 * MIB, `${sent * chunk.length} bytes ahead of an upstream that reads nothing`);
    resume();
    assert.equal((await client.response('POST', 8000))?.body, 'all');
    assert.equal(hash.digest('hex'), expected);
  });
});

/** Waits until a number has not changed for a while. */
async function stalled(number: () => number): Promise<void> {
  let [last, since] = [-1, performance.now()];
  await until(() => {
    if (number() !== last) [last, since] = [number(), performance.now()];
    return last > 0 && performance.now() - since > 150;
  }, 5000);
}
