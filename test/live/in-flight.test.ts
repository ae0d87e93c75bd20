import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http, { type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace } from '../support/cli.js';
import { ask, until, untilAnswer } from '../support/client.js';
import { saveByRename } from '../support/files.js';
import { startInProcess } from '../support/in-process.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
let upstream: TestUpstream;
/** Answers that the test writes piece by piece. */
let held: ServerResponse[] = [];

before(async () => {
  upstream = await startUpstream('up', (req, res) => {
    if (req.url === '/plain') return void res.end('ok');
    held.push(res);
    return void res.write('begin,');
  });
});
after(async () => {
  await upstream.close();
  await space.remove();
});

const routes = (names: readonly string[]): string => `
routes: [${names.map((name) => `{id: ${name}, uri: /${name}, upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}`).join(', ')}]
gateway: {listen: 127.0.0.1:0}
#END
`;

describe('a request in flight', () => {
  it('ends whole on the table it began with, though its route is gone; then that table is released', async () => {
    held = [];
    const file = space.path('config.yaml');
    await writeFile(file, routes(['slow', 'plain']));
    const gateway = await startGateway(file);
    try {
      const answer = ask(`${gateway.url}/slow`);
      await until(() => held.length === 1, 'the upstream has the request');
      const texts = [routes(['plain']), routes(['plain', 'other']), routes(['plain'])];
      for (const [i, text] of texts.entries()) {
        await gateway.outcome(() => saveByRename(file, text));
        held[0]?.write(`part ${i},`);
      }
      await untilAnswer(`${gateway.url}/slow`, ({ status }) => status === 404);
      const during = await gateway.status();
      assert.deepEqual(during.in_flight, [{ generation: 4, requests: 0 }, { generation: 1, requests: 1 }]);
      assert.equal(during.retired_generations, 2);

      await gateway.outcome(() => void held[0]?.end('end'), /^generation 1 is retired/);
      const { status, body } = await answer;
      assert.deepEqual([status, body], [200, 'begin,part 0,part 1,part 2,end']);
      const afterwards = await gateway.status();
      assert.deepEqual(afterwards.in_flight, [{ generation: 4, requests: 0 }]);
      assert.equal(afterwards.retired_generations, 3);
    } finally {
      await gateway.kill();
    }
  });

  it('keeps the connection pool of a removed upstream until it ends, and no longer', async () => {
    held = [];
    const own = await startUpstream('own', (_req, res) => void (held.push(res), res.write('begin,')));
    const text = `routes: [{id: own, uri: /own, upstream: {nodes: {"127.0.0.1:${own.port}": 1}}}]\n`;
    const { gateway, server, reload, close } = await startInProcess(text);
    try {
      const answer = ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/own`);
      await until(() => held.length === 1, 'the upstream has the request');
      reload('routes: []\n');
      await new Promise(setImmediate);
      assert.equal(gateway.retired, 0);
      held[0]?.end('end');
      assert.equal((await answer).body, 'begin,end');
      await until(() => gateway.retired === 1, 'the old table is released');
      await until(() => own.open === 0, 'its connections are closed', 1000);
    } finally {
      await close();
      await own.close();
    }
  });

  it('is counted out when its client is gone', async () => {
    held = [];
    const { gateway, server, reload, close } = await startInProcess(routes(['slow']));
    try {
      const req = http.get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slow`);
      const [res] = await once(req, 'response') as [http.IncomingMessage];
      res.on('error', () => {});
      reload(routes(['plain']));
      req.destroy();
      await until(() => gateway.retired === 1, 'the old table is released');
    } finally {
      await close();
    }
  });

  it('is counted out when its client sent several at once and is gone', async () => {
    held = [];
    const { gateway, server, reload, close } = await startInProcess(routes(['slow']));
    try {
      const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.write('GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n'.repeat(3));
      await until(() => held.length === 3, 'the upstream has the requests');
      reload(routes(['plain']));
      socket.resetAndDestroy();
      await until(() => gateway.retired === 1, 'the old table is released', 300);
    } finally {
      await close();
    }
  });
});
