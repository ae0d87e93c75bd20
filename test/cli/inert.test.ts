import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, it } from 'node:test';
import { run, workspace } from '../support/cli.js';

/** Loaded before the program: tells on stderr whatever would reach out of it, or wait. */
const WATCHED = `
import dgram from 'node:dgram'; import dns from 'node:dns'; import net from 'node:net'; import timers from 'node:timers'; import { syncBuiltinESMExports } from 'node:module';
const watch = (object, name) => { const own = object[name]; object[name] = function (...args) { process.stderr.write('used ' + name + '\\n'); return own.apply(this, args); }; };
watch(net.Socket.prototype, 'connect'); watch(net.Server.prototype, 'listen'); watch(dgram, 'createSocket');
for (const name of ['lookup', 'resolve4']) for (const object of [dns, dns.promises, dns.Resolver.prototype]) if (object[name]) watch(object, name);
for (const name of ['setTimeout', 'setInterval']) for (const object of [globalThis, timers]) watch(object, name);
syncBuiltinESMExports();
`;

/** Whatever opens something when it serves. */
const BUSY = `
gateway: {listen: "127.0.0.1:0", dns_resolver: ["127.0.0.1:53"], discovery: {dns: {servers: ["127.0.0.1:8600"]}}}
consumers: [{username: tom, plugins: {key-auth: {key: 1c7f0e2b94d85a63}}}]
upstreams:
  - {id: found, service_name: a.consul, discovery_type: dns}
  - {id: probed, nodes: {"a.invalid:9": 1, "b.invalid": 1}, checks: {active: {}, passive: {}}}
routes:
  - {id: r, uri: /a, plugins: {key-auth: {}}, upstream_id: found}
  - {id: q, uri: /b, plugins: {key-auth: {}}, upstream_id: probed}
`;

const space = await workspace();
after(() => space.remove());

it('gateway validate opens no socket, asks no name server and starts no timer', async () => {
  await writeFile(space.path('watched.mjs'), WATCHED);
  await writeFile(space.path('busy.yaml'), BUSY);
  const env = { NODE_OPTIONS: `--import=${space.path('watched.mjs')}` };
  const { code, stdout, stderr } = await run(['validate', space.path('busy.yaml')], { env });
  assert.equal(stderr, '');
  assert.match(stdout, /: valid$/m);
  assert.equal(code, 0);
  // it is watched indeed
  assert.match((await run(['explain', '-c', space.path('busy.yaml'), 'GET', '/a'], { env })).stderr, /used listen/);
});
