import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { after, describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { until } from '../support/client.js';
import { saveByRename } from '../support/files.js';
import { startServer, tunnelTo } from '../support/websocket.js';

const space = await workspace();
after(() => space.remove());
let files = 0;

/** A gateway before a server that echoes, and a WebSocket through it. */
async function opened(t: TestContext, block = ''): Promise<{ gateway: Running; client: WebSocket; file: string; yaml: string }> {
  const port = await startServer(t, (socket) => socket.on('message', (data) => socket.send(data)));
  const file = space.path(`${++files}.yaml`);
  const yaml = `${tunnelTo(port, '', `listen: "127.0.0.1:0", access_log: true, websocket_grace: 0.1${block}`)}\n#END\n`;
  await writeFile(file, yaml);
  const gateway = await startGateway(file);
  t.after(() => gateway.kill());
  const client = new WebSocket(`${gateway.url.replace('http', 'ws')}/chat?token=secret`);
  t.after(() => client.terminate());
  await once(client, 'open');
  return { gateway, client, file, yaml };
}

describe('the command, with a WebSocket open', { timeout: 60_000 }, () => {
  it('tells of it in /status and in the access log', async (t) => {
    const { gateway, client } = await opened(t);
    const { tunnels, in_flight } = await gateway.status();
    assert.deepEqual([tunnels, in_flight], [1, [{ generation: 1, requests: 0 }]]);
    await gateway.program.line(({ msg }) => msg.startsWith('GET /chat 101 '));
    client.close();
    await until(async () => (await gateway.status()).tunnels === 0, 'it is gone');
    assert.doesNotMatch(gateway.program.stderr, /secret/);
  });

  it('keeps it through edits, and closes it when its route goes', async (t) => {
    const { gateway, client, file, yaml } = await opened(t);
    await gateway.outcome(() => saveByRename(file, yaml.replace('id: ws,', 'id: ws, desc: other,')));
    client.send('still there');
    assert.equal(String((await once(client, 'message') as [Buffer])[0]), 'still there');
    assert.equal((await gateway.status()).retired_generations, 1);
    const closed = once(client, 'close') as Promise<[number]>;
    const { msg } = await gateway.outcome(() => saveByRename(file, yaml.replace('enable_websocket: true', 'enable_websocket: false')));
    assert.match(msg, /route ws: enable_websocket: true → false/);
    assert.equal((await closed)[0], 1012);
  });

  it('closes it on SIGTERM with 1001, and exits', async (t) => {
    const { gateway, client } = await opened(t);
    const sent = performance.now();
    gateway.program.signal('SIGTERM');
    assert.equal((await once(client, 'close') as [number])[0], 1001);
    assert.equal((await gateway.program.ended(2000)).code, 0);
    assert.ok(performance.now() - sent < 1500, `${performance.now() - sent} ms`);
  });

  it('cuts one that does not close within drain_timeout', async (t) => {
    const { gateway, client } = await opened(t, ', drain_timeout: 0.3');
    client.pause();
    const sent = performance.now();
    gateway.program.signal('SIGTERM');
    assert.equal((await gateway.program.ended(2000)).code, 0);
    assert.ok(performance.now() - sent < 1500, `${performance.now() - sent} ms`);
  });
});
