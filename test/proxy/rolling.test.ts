import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startGateway } from '../support/gateway.js';

/** A node that can be killed, with every connection that it has, and revived on its port. */
class Mortal {
  served = 0;
  port = 0;
  #server: Server | undefined;

  async revive(): Promise<void> {
    const server = http.createServer((_, res) => {
      this.served++;
      // some of them are in flight at any time
      setTimeout(() => res.end('ok'), 3);
    }).listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

describe('three nodes, killed and revived in turn', () => {
  it('fail no GET of any client, with retries and passive checks', async (t) => {
    const nodes = [new Mortal(), new Mortal(), new Mortal()];
    for (const node of nodes) await node.revive();
    t.after(() => Promise.all(nodes.map((node) => node.kill())));
    const gateway = await startGateway(t, `
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    nodes: [${nodes.map(({ port }) => `{host: 127.0.0.1, port: ${port}, weight: 1}`).join(', ')}]
    checks:
      active: {healthy: {interval: 1, successes: 1}, unhealthy: {interval: 1, tcp_failures: 1}}
      passive: {unhealthy: {tcp_failures: 1}}`);
    const load = startClients(t, gateway.port, 16);
    for (const node of [...nodes, ...nodes]) {
      await pause(150);
      await node.kill();
      await pause(150);
      await node.revive();
      const before = node.served;
      // probes are not clients: they come once a second
      const deadline = performance.now() + 5000;
      while (node.served < before + 10 && performance.now() < deadline) await pause(20);
      assert.ok(node.served >= before + 10, 'a revived node takes requests again');
    }
    const { answered, failures } = await load.stop();
    assert.deepEqual(failures, []);
    assert.ok(answered > 500, `${answered} answers`);
    assert.ok(gateway.upstreamEvents.filter((event) => event.type === 'health' && !event.healthy).length >= 6);
  });
});

/** Clients that ask again as soon as they have an answer. */
function startClients(t: TestContext, port: number, count: number): { stop(): Promise<{ answered: number; failures: readonly string[] }> } {
  const agent = new http.Agent({ keepAlive: true, maxSockets: count });
  t.after(() => agent.destroy());
  const failures: string[] = [];
  let answered = 0;
  let running = true;
  const ask = (): Promise<string> => new Promise((resolve) => {
    http.get({ port, host: '127.0.0.1', agent }, (res) => {
      let body = '';
      res.on('data', (chunk: Buffer) => (body += chunk.toString()));
      res.on('end', () => resolve(`${res.statusCode} ${body}`));
      res.on('error', (error) => resolve(String(error)));
    }).on('error', (error) => resolve(String(error)));
  });
  const loops = Array.from({ length: count }, async () => {
    while (running) {
      const said = await ask();
      answered++;
      if (said !== '200 ok') failures.push(said);
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(loops);
      return { answered, failures };
    },
  };
}
