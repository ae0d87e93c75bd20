import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, it } from 'node:test';
import { startGateway, workspace } from '../support/cli.js';
import { ask } from '../support/client.js';
import { startUpstream } from '../support/counting-upstream.js';

const space = await workspace();
const upstream = await startUpstream('up');
after(async () => {
  await upstream.close();
  await space.remove();
});

it('the file of a secret is read anew on SIGHUP, though the configuration is the same', async (t) => {
  const secret = space.path('secrets/tom');
  await mkdir(space.path('secrets'));
  await writeFile(secret, 'old-key\n');
  const file = space.path('gateway.yaml');
  await writeFile(file, `secrets: [{id: file/run, directory: ${space.path('secrets')}}]
consumers: [{username: tom, plugins: {key-auth: {key: $secret://file/run/tom}}}]
routes: [{id: r, uri: /, plugins: {key-auth: {}}, upstream: {nodes: {"127.0.0.1:${upstream.port}": 1}}}]
#END
`);
  const gateway = await startGateway(file, ['--listen', '127.0.0.1:0']);
  t.after(() => gateway.kill());
  const statuses = async (): Promise<number[]> => Promise.all(['old-key', 'new-key'].map(async (apikey) => (await ask(gateway.url, { headers: { apikey } })).status));
  assert.deepEqual(await statuses(), [200, 401]);
  await writeFile(secret, 'new-key\n');
  await gateway.outcome(() => gateway.program.signal('SIGHUP'));
  assert.deepEqual(await statuses(), [401, 200]);
  assert.doesNotMatch(gateway.program.stderr, /old-key|new-key/);
});
