import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startGateway } from '../support/gateway.js';
import { connect, until } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';
import { handshake, open, startServer, startSwitching, switching, tunnel, tunnelTo } from '../support/websocket.js';

const SOON = 'websocket_grace: 0.05';
const NOTHING = 'routes: []\ngateway: {websocket_grace: 0}';
/** Close frames, as a raw client sees them. */
const RESTART = '\x88\x02\x03\xf4';
const AWAY = '\x88\x02\x03\xe9';

describe('an open WebSocket', { timeout: 60_000 }, () => {
  it('stays through reloads that leave its route, and its table does not', async (t) => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const port = await startServer(t, (socket) => socket.on('message', (data) => socket.send(data)));
    const gateway = await startGateway(t, tunnelTo(port));
    const table = new WeakRef(gateway.gateway.table);
    const clients = await Promise.all(Array.from({ length: 10 }, () => open(t, gateway.port)));
    for (let i = 0; i < 20; i++) gateway.swap(tunnelTo(port, `desc: "${i}"`, SOON));
    await until(() => gateway.gateway.retired === 20);
    assert.equal(gateway.gateway.inFlight().length, 1);
    for (const client of clients) {
      client.send('still there');
      assert.equal(String((await once(client, 'message') as [Buffer])[0]), 'still there');
    }
    await until(() => {
      gc();
      return table.deref() === undefined;
    }, 5000, 'the first table is kept');
    assert.equal(gateway.gateway.tunnels.size, 10);
  });

  const without: Record<string, (yaml: string) => string> = {
    'is gone': () => `routes: []\ngateway: {${SOON}}`,
    'has another id': (yaml) => yaml.replace('id: ws', 'id: other'),
    'is out of service': (yaml) => yaml.replace('id: ws,', 'id: ws, status: 0,'),
    'has no enable_websocket': (yaml) => yaml.replace('enable_websocket: true', 'enable_websocket: false'),
  };
  for (const [what, change] of Object.entries(without)) {
    it(`is closed with 1012 when its route ${what}`, async (t) => {
      const closed: number[] = [];
      const port = await startServer(t, (socket) => socket.on('close', (code) => closed.push(code)));
      const gateway = await startGateway(t, tunnelTo(port, '', SOON));
      const client = await open(t, gateway.port);
      gateway.swap(change(tunnelTo(port, '', SOON)));
      const [code] = await once(client, 'close') as [number];
      assert.equal(code, 1012);
      // the client's answer to it still goes through
      await until(() => gateway.gateway.tunnels.size === 0 && closed.join() === '1012', 1500);
    });
  }

  it('stays when its route comes back within the grace', async (t) => {
    const upstream = await startSwitching(t);
    const yaml = tunnelTo(upstream.port, '', 'websocket_grace: 0.2');
    const gateway = await startGateway(t, yaml);
    const client = await tunnel(t, gateway.port);
    gateway.swap(yaml.replace('true', 'false'));
    gateway.swap(yaml);
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    upstream.sockets[0]?.write('\x81\x02hi', 'latin1');
    await client.until(() => client.received === '\x81\x02hi');
    assert.equal(client.closed, false);
  });

  it('is closed between two frames', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port, '', SOON));
    const client = await tunnel(t, gateway.port);
    const socket = upstream.sockets[0] ?? assert.fail();
    socket.write('\x81\x05hel', 'latin1');
    await client.until(() => client.received === '\x81\x05hel');
    gateway.swap(NOTHING);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    assert.equal(client.received, '\x81\x05hel');
    socket.write('lo\x81\x03too', 'latin1');
    assert.equal(await client.end(), `\x81\x05hello${RESTART}`);
  });

  it('is cut when the frame under way does not end', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    upstream.sockets[0]?.write('\x81\x05hel', 'latin1');
    await client.until(() => client.received !== '');
    gateway.swap(NOTHING);
    assert.equal(await client.end(4000), '\x81\x05hel');
  });

  it('gets no second Close', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    upstream.sockets[0]?.write('\x88\x02\x0f\xa0', 'latin1');
    await client.until(() => client.received !== '');
    gateway.swap(NOTHING);
    assert.equal(await client.end(), '\x88\x02\x0f\xa0');
  });

  it('that opens after its route is gone is closed as well', async (t) => {
    let release = (): void => {};
    const upstream = await startUpstream(t, (request, socket) => void (release = () => void socket.write(switching(request))));
    const gateway = await startGateway(t, tunnelTo(upstream.port, '', SOON));
    const client = await connect(t, gateway.port);
    client.send(handshake());
    await until(() => upstream.requests.length === 1);
    gateway.swap(`routes: []\ngateway: {${SOON}}`);
    release();
    const received = await client.end();
    assert.ok(received.startsWith('HTTP/1.1 101 ') && received.endsWith(`\r\n\r\n${RESTART}`), received);
    await until(() => gateway.gateway.retired === 1);
  });

  it('is closed with 1001 at a shutdown, and so is one that opens during it', async (t) => {
    const releases: (() => void)[] = [];
    const upstream = await startUpstream(t, (request, socket) => void releases.push(() => void socket.write(switching(request))));
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const opening = tunnel(t, gateway.port);
    await until(() => releases.length === 1);
    releases[0]?.();
    const early = await opening;
    const late = await connect(t, gateway.port);
    late.send(handshake());
    await until(() => releases.length === 2);
    gateway.gateway.close();
    assert.equal(await early.end(), AWAY);
    releases[1]?.();
    assert.ok((await late.end()).endsWith(`\r\n\r\n${AWAY}`));
    await until(() => gateway.gateway.tunnels.size === 0 && upstream.open() === 0);
  });
});
