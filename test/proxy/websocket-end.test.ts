import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { startGateway } from '../support/gateway.js';
import { until } from '../support/raw.js';
import { startSwitching, tunnel, tunnelTo } from '../support/websocket.js';

describe('a tunnel', () => {
  it('ends with its client, after what that sent', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    client.send('x'.repeat(3_000_000)).socket.end();
    await until(() => upstream.open() === 0 && client.closed && gateway.gateway.tunnels.size === 0);
    assert.equal(upstream.sent(0).length, 3_000_000);
  });

  it('ends with its upstream, after what that sent', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    upstream.sockets[0]?.end('y'.repeat(3_000_000));
    assert.equal((await client.end()).length, 3_000_000);
    assert.equal(client.reset, false);
    await until(() => gateway.gateway.tunnels.size === 0);
  });

  it('ends when its upstream resets', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    upstream.sockets[0]?.resetAndDestroy();
    await client.end();
    await until(() => gateway.gateway.tunnels.size === 0);
  });

  for (const [side, stuff] of [['upstream', 'client'], ['client', 'upstream']] as const) {
    it(`is cut when its ${side} takes nothing any more, also where its ${stuff} has left unseen`, async (t) => {
      const upstream = await startSwitching(t);
      const gateway = await startGateway(t, tunnelTo(upstream.port, '', 'client_timeouts: {write: 0.5}'));
      const client = await tunnel(t, gateway.port);
      const [deaf, sender] = side === 'client' ? [client.socket, upstream.sockets[0]] : [upstream.sockets[0], client.socket];
      deaf?.pause();
      sender?.write('x'.repeat(30_000_000));
      let [queued, same] = [0, 0];
      await until(() => {
        same = sender?.writableLength === queued ? same + 1 : 0;
        queued = sender?.writableLength ?? 0;
        return queued > 0 && same === 100;
      }, 5000);
      sender?.resetAndDestroy();
      await until(() => gateway.gateway.tunnels.size === 0, 10_000);
    });
  }

  it('is cut when the other side does not end as well', async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    const client = await tunnel(t, gateway.port);
    client.socket.allowHalfOpen = true;
    upstream.sockets[0]?.end();
    await once(client.socket, 'end');
    await until(() => gateway.gateway.tunnels.size === 0, 4000);
  });

  it('leaves nothing behind when 1000 end, half of them by reset', { timeout: 30_000 }, async (t) => {
    const upstream = await startSwitching(t);
    const gateway = await startGateway(t, tunnelTo(upstream.port));
    for (let batch = 0; batch < 10; batch++) {
      const clients = await Promise.all(Array.from({ length: 100 }, () => tunnel(t, gateway.port)));
      assert.equal(gateway.gateway.tunnels.size, 100);
      for (const [i, client] of clients.entries()) {
        client.send('some bytes');
        if (i % 2 === 0) client.socket.resetAndDestroy();
        else client.socket.end();
      }
      await until(() => gateway.gateway.tunnels.size === 0 && upstream.open() === 0, 1500);
    }
    assert.equal(upstream.sockets.length, 1000);
  });
});
