import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startGateway, workspace } from '../support/cli.js';
import { ask } from '../support/client.js';
import { saveByRename } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
let upstream: TestUpstream;

before(async () => {
  upstream = await startUpstream('up');
});
after(async () => {
  await upstream.close();
  await space.remove();
});

const GUARDED = '  - {id: g, uri: /ip, upstream_id: up, plugins: {key-auth: {}}}\n';
const OPEN = '  - {id: o, uri: /ip, upstream_id: up}\n';
const file = (routes: string): string => `routes:\n${routes}upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]\ngateway: {listen: "127.0.0.1:0"}\n#END\n`;

it('a change of order that opens a guarded path is told as what it is', async () => {
  const path = space.path('config.yaml');
  await saveByRename(path, file(GUARDED + OPEN));
  const gateway = await startGateway(path);
  try {
    assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
    const opened = await gateway.outcome(() => saveByRename(path, file(OPEN + GUARDED)));
    assert.match(opened.msg, /^AUTHENTICATION REMOVED\. .*: route o: goes before route g now \(their order in the file\)$/);
    assert.equal((await ask(`${gateway.url}/ip`)).status, 200);
    const closed = await gateway.outcome(() => saveByRename(path, file(GUARDED + OPEN)));
    assert.match(closed.msg, /^(?!AUTHENTICATION).*: route g: goes before route o now \(their order in the file\)$/);
    assert.equal((await ask(`${gateway.url}/ip`)).status, 401);
  } finally {
    await gateway.kill();
  }
});
