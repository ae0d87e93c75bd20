import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocketServer } from 'ws';
import { certificate, privateKey } from '../support/certificate.js';
import { startGateway } from '../support/gateway.js';
import { ask, connect, get, until } from '../support/raw.js';
import { statusOf, values } from '../support/message.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';
import { handshake, KEY, open, startServer, startSwitching, switching, tunnel, tunnelTo } from '../support/websocket.js';

describe('a WebSocket', { timeout: 60_000 }, () => {
  for (const compressed of [false, true]) {
    it(`carries messages of every size, ${compressed ? 'compressed' : 'plain'}`, async (t) => {
      const port = await startServer(t, (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })), { perMessageDeflate: compressed });
      const gateway = await startGateway(t, tunnelTo(port));
      const client = await open(t, gateway.port, { perMessageDeflate: compressed });
      assert.equal(client.extensions, compressed ? 'permessage-deflate' : '');
      for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1024 * 1024]) {
        const sent = randomBytes(size);
        client.send(sent);
        const [received] = await once(client, 'message') as [Buffer];
        assert.ok(sent.equals(received), `${size} bytes`);
      }
    });
  }

  it('reaches an upstream over TLS', async (t) => {
    const server = https.createServer({ cert: certificate, key: privateKey }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const { port } = server.address() as AddressInfo;
    const gateway = await startGateway(t, tunnelTo(port).replace('id: up, ', 'id: up, scheme: https, tls: {verify: false}, '));
    const client = await open(t, gateway.port);
    const sent = randomBytes(1_000_000);
    client.send(sent);
    assert.ok(sent.equals((await once(client, 'message') as [Buffer])[0]));
    client.close();
    await until(() => gateway.gateway.tunnels.size === 0);
  });

  it('carries fragments, pings and close codes, both ways', async (t) => {
    const heard: unknown[] = [];
    const port = await startServer(t, (socket) => {
      socket.on('message', (data) => heard.push(String(data)));
      socket.on('ping', (data) => {
        heard.push(`ping ${String(data)}`);
        socket.send('a', { fin: false });
        socket.send('b', { fin: true });
      });
      socket.on('close', (code, reason) => heard.push([code, String(reason)]));
    });
    const gateway = await startGateway(t, tunnelTo(port));
    const client = await open(t, gateway.port);
    client.send('x', { fin: false });
    client.ping('p');
    const [message] = await once(client, 'message') as [Buffer];
    assert.equal(String(message), 'ab');
    client.send('y', { fin: true });
    client.close(4321, 'so long');
    const [code] = await once(client, 'close') as [number];
    assert.equal(code, 4321);
    assert.deepEqual(heard, ['ping p', 'xy', [4321, 'so long']]);
    await until(() => gateway.gateway.tunnels.size === 0);
  });

  it('tells the client the close code of its server', async (t) => {
    const port = await startServer(t, (socket) => void socket.on('message', () => socket.close(4999, 'go')));
    const gateway = await startGateway(t, tunnelTo(port));
    const client = await open(t, gateway.port);
    client.send('close');
    const [code, reason] = await once(client, 'close') as [number, Buffer];
    assert.deepEqual([code, String(reason)], [4999, 'go']);
    await until(() => gateway.gateway.tunnels.size === 0);
  });

  it('carries many bytes to a slow reader without keeping them', async (t) => {
    const size = 64 * 1024 * 1024;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let written = 0;
    const upstream = await startUpstream(t, (request, socket) => {
      socket.write(switching(request));
      const more = (): void => {
        while (written < size) {
          written += chunk.length;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
        socket.end();
      };
      more();
    });
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.socket.removeAllListeners('data');
    client.socket.pause();
    client.send(handshake());
    await until(() => written > 0);
    await settled(() => written);
    assert.ok(written < 32 * 1024 * 1024, `${written} bytes were taken`);
    let received = 0;
    client.socket.on('data', (text) => (received += text.length)).resume();
    await once(client.socket, 'end');
    assert.ok(received > size, `${received} bytes`);
  });
});

describe('a WebSocket whose upstream reads slowly', { timeout: 60_000 }, () => {
  it('makes its client wait, and loses nothing', async (t) => {
    const size = 64 * 1024 * 1024;
    let upstream: Socket | undefined;
    const { port } = await startUpstream(t, (request, socket) => {
      upstream = socket.removeAllListeners('data').pause();
      return switching(request);
    });
    const gateway = await startGateway(t, tunnelTo(port));
    const client = await tunnel(t, gateway.port);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let taken = 0;
    for (let i = 0; i < size / chunk.length; i++) client.socket.write(chunk, () => (taken += chunk.length));
    await settled(() => taken);
    assert.ok(taken < 32 * 1024 * 1024, `${taken} bytes were taken`);
    let received = 0;
    upstream?.on('data', (text: string) => (received += text.length)).resume();
    await until(() => received === size, 10_000);
  });
});

describe('a handshake', { timeout: 60_000 }, () => {
  it('reaches the upstream as one, with the headers of any request', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    await tunnel(t, gateway.port, handshake('/chat?a=b', 'Sec-WebSocket-Protocol: chat\r\nKeep-Alive: 5\r\nX-Forwarded-For: 6.6.6.6\r\nX-Consumer-Username: root\r\nOrigin: http://o\r\n'));
    const request = upstream.requests[0] ?? assert.fail();
    assert.equal(request.start, 'GET /chat?a=b HTTP/1.1');
    const one = (name: string): string => values(request, name).join('|');
    assert.deepEqual(['connection', 'upgrade', 'sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol', 'origin'].map(one), ['Upgrade', 'websocket', KEY, '13', 'chat', 'http://o']);
    assert.deepEqual(['x-forwarded-for', 'x-consumer-username', 'keep-alive'].map(one), ['127.0.0.1', '', '']);
  });

  it('gets the 101 of the upstream with its end-to-end headers, and what follows it', async (t) => {
    const upstream = await startUpstream(t, (request) => `${switching(request, 'Sec-WebSocket-Protocol: chat\r\nKeep-Alive: timeout=5\r\n')}early`);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.send(handshake());
    await client.until(() => client.received.endsWith('early'));
    const head = client.received.toLowerCase();
    const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    for (const line of ['http/1.1 101 switching protocols', 'upgrade: websocket', 'connection: upgrade', 'sec-websocket-protocol: chat', `sec-websocket-accept: ${accept.toLowerCase()}`]) assert.ok(head.includes(`${line}\r\n`), head);
    assert.doesNotMatch(head, /keep-alive|content-length|transfer-encoding/);
    assert.equal(gateway.gateway.tunnels.size, 1);
    assert.deepEqual(gateway.gateway.inFlight(), [{ generation: 1, requests: 0 }]);
  });

  it('may be followed by bytes at once', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.send(`${handshake()}hasty`);
    await until(() => upstream.sent(0) === 'hasty');
    client.send(' and late');
    await until(() => upstream.sent(0) === 'hasty and late');
  });

  it('followed by more than anybody sends at once is given up', async (t) => {
    const upstream = await startUpstream(t, () => undefined);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.send(handshake());
    await until(() => upstream.requests.length === 1);
    client.send('x'.repeat(200_000));
    await client.end();
    await until(() => upstream.open() === 0);
    assert.deepEqual(gateway.gateway.inFlight(), [{ generation: 1, requests: 0 }]);
  });

  it('on a route without enable_websocket is a plain request', async (t) => {
    const upstream = await startUpstream(t, () => answer('plain'));
    const gateway = await startGateway(t, tunnelTo(upstream.port).replace('true', 'false'));
    const message = (await ask(gateway.port, handshake())) ?? assert.fail('cut');
    assert.deepEqual([statusOf(message), message.body], [200, 'plain']);
    const [request] = upstream.requests;
    assert.deepEqual(request && [values(request, 'connection'), values(request, 'upgrade')], [[], []]);
  });

  it('behind a request that is still to be answered is a plain one', async (t) => {
    const upstream = await startUpstream(t, (request) => (request.target === '/1' ? void setImmediate(() => upstream.sockets[0]?.write(answer('one'))) : answer('two')));
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.send(get('/1') + handshake('/2'));
    assert.deepEqual([(await client.response())?.body, (await client.response())?.body], ['one', 'two']);
  });

  it('after other requests on its connection is taken', async (t) => {
    const upstream = await startUpstream(t, (request) => (request.target === '/1' ? answer('one') : switching(request)));
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.send(get('/1'));
    assert.equal((await client.response())?.body, 'one');
    client.send(handshake('/2'));
    await client.until(() => client.received.startsWith('HTTP/1.1 101 '));
  });

  it('without a valid key is answered with 401, and reaches no upstream', async (t) => {
    const upstream = await startSwitching(t);
    const keys = 'consumers: [{username: tom, plugins: {key-auth: {key: secret}}}]\n';
    const gateway = await startGateway(t, keys + tunnelTo(upstream.port, 'plugins: {key-auth: {}}'));
    for (const header of ['', 'apikey: wrong\r\n']) {
      const client = await connect(t, gateway.port);
      const message = (await client.send(handshake('/', header)).response()) ?? assert.fail('cut');
      assert.equal(statusOf(message), 401);
      assert.match(message.body, /API key/);
      await client.end();
    }
    assert.equal(upstream.sockets.length, 0);
    await tunnel(t, gateway.port, handshake('/', 'apikey: secret\r\n'));
    assert.deepEqual(upstream.requests.map((r) => values(r, 'x-consumer-username')), [['tom']]);
  });

  const refusals = { 'with a length': answer('no such thing', 'X-Why: because\r\n', '404 Not Found'), 'in chunks': 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nX-Why: because\r\n\r\nd\r\nno such thing\r\n0\r\n\r\n' };
  for (const [how, bytes] of Object.entries(refusals)) {
    it(`gets another answer than 101 whole, ${how}`, async (t) => {
      const upstream = await startUpstream(t, () => bytes);
      const gateway = await startGateway(t, tunnelTo(upstream.port));
      const client = await connect(t, gateway.port);
      const message = (await client.send(handshake()).response()) ?? assert.fail('cut');
      assert.deepEqual([statusOf(message), values(message, 'x-why'), message.body], [404, ['because'], 'no such thing']);
      await client.end();
      await until(() => gateway.gateway.table.inFlight === 0);
    });
  }

  it('gets a large answer whole, however slowly the client reads', async (t) => {
    const body = 'x'.repeat(8 * 1024 * 1024);
    const upstream = await startUpstream(t, () => answer(body, '', '500 No'));
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await connect(t, gateway.port);
    client.socket.pause();
    client.send(handshake());
    await until(() => upstream.requests.length === 1);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    client.socket.resume();
    assert.equal((await client.response('GET', 5000))?.body.length, body.length);
    await client.end();
  });

  const faults: [string, number, string | undefined, string][] = [
    ['a silent upstream', 504, undefined, 'timeout: {connect: 1, send: 1, read: 0.2}'],
    ['a 101 to something else', 502, 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', ''],
    ['a 101 to nothing', 502, 'HTTP/1.1 101 Switching Protocols\r\n\r\n', ''],
    ['no HTTP', 502, 'hello\r\n\r\n', ''],
  ];
  for (const [what, status, bytes, route] of faults) {
    it(`answered by ${what} is a ${status}`, async (t) => {
      const upstream = await startHostile(t, (socket) => void socket.on('data', () => bytes !== undefined && socket.write(bytes)));
      const gateway = await startGateway(t, tunnelTo(upstream.port, route));
      const client = await connect(t, gateway.port);
      const message = (await client.send(handshake()).response()) ?? assert.fail('cut');
      assert.equal(statusOf(message), status);
      await client.end();
      await until(() => upstream.open() === 0);
    });
  }

  for (const [how, leave] of [['FIN', 'end'], ['RST', 'resetAndDestroy']] as const) {
    it(`left by its client with ${how} is given up at once`, async (t) => {
      const upstream = await startUpstream(t, () => undefined);
      const gateway = await startGateway(t, tunnelTo(upstream.port));
      for (let i = 1; i <= 20; i++) {
        const client = await connect(t, gateway.port);
        client.send(handshake());
        await until(() => upstream.requests.length === i);
        client.socket[leave]();
        await until(() => upstream.open() === 0, 250);
      }
      await until(() => gateway.gateway.table.inFlight === 0);
    });
  }
});

/** Waits until a number stays the same for a while. */
async function settled(number: () => number): Promise<void> {
  for (let seen = -1; seen !== number();) {
    seen = number();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
