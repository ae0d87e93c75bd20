import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace } from '../support/cli.js';
import { ask, startLoad, untilAnswer, type Answer } from '../support/client.js';
import { saveByRename } from '../support/files.js';
import { startInProcess } from '../support/in-process.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
const upstreams = new Map<string, TestUpstream>();
const FLIPS = 200;

before(async () => {
  for (const name of ['a', 'b']) upstreams.set(name, await startUpstream(name));
});
after(async () => {
  for (const upstream of upstreams.values()) await upstream.close();
  await space.remove();
});

/** A version of the file that shows in all that a request meets: consumer, rewritten Host, and upstream. */
const version = (name: string): string => `
consumers:
  - {username: consumer_${name}, plugins: {key-auth: {key: the-key}}}
routes:
  - {id: v, uri: /v, upstream_id: up, plugins: {key-auth: {}}}
upstreams:
  - {id: up, pass_host: rewrite, upstream_host: ${name}.test, nodes: {127.0.0.1:${upstreams.get(name)?.port}: 1}}
gateway: {listen: 127.0.0.1:0, admin: false}
#END
`;

/** What is wrong with an answer: anything but one version throughout. */
function mixed({ status, body }: Answer): string | undefined {
  if (status !== 200) return `status ${status}`;
  const { upstream, host, consumer } = JSON.parse(body) as Record<string, string>;
  return host === `${upstream}.test` && consumer === `consumer_${upstream}` ? undefined : body;
}

const headers = { apikey: 'the-key' };
const isFrom = (name: string) => ({ body }: Answer): boolean => (JSON.parse(body) as { upstream: string }).upstream === name;

describe('flips between two versions under load', () => {
  it(`mix none in ${FLIPS} flips, and fail no request`, async () => {
    const { gateway, server, reload, close } = await startInProcess(version('a'));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v`;
    const load = startLoad(url, mixed, { connections: 32, headers });
    const agent = new http.Agent({ keepAlive: true });
    try {
      for (let i = 1; i <= FLIPS; i++) {
        const name = i % 2 === 1 ? 'b' : 'a';
        reload(version(name));
        // a request sent after the flip meets the new version, always
        assert.ok(isFrom(name)(await ask(url, { headers, agent })), `flip ${i} had no effect`);
      }
      assert.equal(gateway.table.generation, FLIPS + 1);
    } finally {
      await load.stop();
      agent.destroy();
      await close();
    }
    assert.deepEqual(load.failures, []);
    assert.ok(load.count >= FLIPS, `only ${load.count} requests`);
    assert.equal(gateway.errors, 0);
  });

  it('mix none in the real program', async () => {
    const file = space.path('flips.yaml');
    await writeFile(file, version('a'));
    const gateway = await startGateway(file);
    const load = startLoad(`${gateway.url}/v`, mixed, { connections: 16, headers });
    try {
      for (let i = 1; i <= 10; i++) {
        const name = i % 2 === 1 ? 'b' : 'a';
        await saveByRename(file, version(name));
        await untilAnswer(`${gateway.url}/v`, isFrom(name), { headers });
      }
    } finally {
      await load.stop();
      await gateway.kill();
    }
    assert.deepEqual(load.failures, []);
  });
});

describe('300 reloads under load', () => {
  it('open no more upstream connections than requests run at once, and one', async () => {
    const connections = 16;
    const upstream = await startUpstream('pooled');
    const text = (n: number): string => `
routes:
  - {id: v, uri: /v, desc: "${n}", upstream: {nodes: {127.0.0.1:${upstream.port}: 1}}}
gateway: {admin: false}
`;
    const { server, reload, close } = await startInProcess(text(0));
    const load = startLoad(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v`, ({ status }) => (status === 200 ? undefined : `status ${status}`), { connections, rest: 0 });
    try {
      for (let i = 1; i <= 300; i++) {
        reload(text(i));
        await new Promise(setImmediate);
      }
      await once(server, 'request');
    } finally {
      await load.stop();
      await close();
    }
    const { opened } = upstream;
    await upstream.close();
    assert.deepEqual(load.failures, []);
    assert.ok(opened <= connections + 1, `${opened} connections for ${load.count} requests`);
  });
});
