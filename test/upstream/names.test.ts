import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startDns, type DnsServer, type Zone } from '../support/dns.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, get, until } from '../support/raw.js';
import { startSecure, pem, yamlBlock } from '../support/secure-upstream.js';
import { answer, startUpstream } from '../support/upstream.js';

const config = (dns: DnsServer, upstream: string): string => `
gateway: {dns_resolver: ["${dns.address}"], discovery: {dns: {servers: ["${dns.address}"]}}}
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    ${upstream}`;

const statusFrom = async ({ port }: TestGateway): Promise<number> => statusOf((await ask(port, get('/'), 5000)) ?? assert.fail('cut'));
const bodyFrom = async ({ port }: TestGateway): Promise<string> => ((await ask(port, get('/'), 5000)) ?? assert.fail('cut')).body;
const addresses = ({ gateway }: TestGateway): string[] => gateway.table.upstreams.flatMap(({ members }) => members.nodes.map(({ address }) => address)).sort();

/** A gateway whose upstream is a name, as a zone has it. */
async function named(t: TestContext, zone: Zone, upstream: string): Promise<TestGateway & { readonly dns: DnsServer }> {
  const dns = await startDns(t, zone);
  return { ...(await startGateway(t, config(dns, upstream))), dns };
}

describe('a node with a name', () => {
  it('is looked up at the load, and the first request waits for the answer', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await named(t, { 'api.test': { a: ['127.0.0.1'] } }, `nodes: {"api.test:${upstream.port}": 1}`);
    assert.equal(await statusFrom(gateway), 200);
    await until(() => gateway.dns.asked.length > 0);
    assert.deepEqual(gateway.upstreamEvents, [{ type: 'resolved', name: 'api.test', addresses: ['127.0.0.1'] }]);
  });

  it('becomes several nodes of its weight when it has several addresses', async (t) => {
    const gateway = await named(t, { 'api.test': { a: ['127.0.0.3', '127.0.0.2'] } }, 'nodes: [{host: api.test, port: 9, weight: 3}, {host: 127.0.0.1, port: 9, weight: 1}]');
    await until(() => addresses(gateway).length === 3);
    const nodes = gateway.gateway.table.upstreams.flatMap(({ members }) => members.nodes);
    assert.deepEqual(nodes.map(({ host, address, weight, authority }) => [host, address, weight, authority]), [
      ['api.test', '127.0.0.2', 3, 'api.test:9'], ['api.test', '127.0.0.3', 3, 'api.test:9'], ['127.0.0.1', '127.0.0.1', 1, '127.0.0.1:9'],
    ]);
  });

  it('is at its IPv6 addresses when it has no others', async (t) => {
    const gateway = await named(t, { 'six.test': { aaaa: ['::1'] }, 'both.test': { a: ['127.0.0.1'], aaaa: ['::1'] } }, 'nodes: {"six.test:9": 1, "both.test:9": 1}');
    await until(() => addresses(gateway).length === 2);
    assert.deepEqual(addresses(gateway), ['127.0.0.1', '::1']);
  });

  it('is looked for in the hosts file first', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await named(t, { localhost: { a: ['127.9.9.9'] } }, `nodes: {"LocalHost:${upstream.port}": 1}`);
    assert.equal(await statusFrom(gateway), 200);
    assert.deepEqual(gateway.dns.asked, []);
  });

  it('is asked for again when its time is over, and its new addresses are used', async (t) => {
    const zone: Zone = { 'api.test': { ttl: 1, a: ['127.0.0.2'] } };
    const gateway = await named(t, zone, 'nodes: {"api.test:9": 1}');
    await until(() => addresses(gateway).length === 1);
    zone['api.test'] = { ttl: 100, a: ['127.0.0.4', '127.0.0.3'] };
    await until(() => addresses(gateway).length === 2, 4000);
    assert.deepEqual(addresses(gateway), ['127.0.0.3', '127.0.0.4']);
    assert.equal(gateway.upstreamEvents.length, 2);
  });

  it('keeps the addresses that it had when it cannot be asked for again', async (t) => {
    const zone: Zone = { 'api.test': { ttl: 1, a: ['127.0.0.1'] } };
    const upstream = await startUpstream(t);
    const gateway = await named(t, zone, `nodes: {"api.test:${upstream.port}": 1}`);
    assert.equal(await statusFrom(gateway), 200);
    zone['api.test'] = { fail: true };
    await until(() => gateway.upstreamEvents.some(({ type }) => type === 'unresolved'), 5000);
    assert.deepEqual(gateway.upstreamEvents.at(-1), { type: 'unresolved', name: 'api.test', code: 'ESERVFAIL', kept: true });
    assert.equal(await statusFrom(gateway), 200);
  });

  it('that does not resolve is a 503 until it does, and stops nothing', async (t) => {
    const upstream = await startUpstream(t);
    const zone: Zone = {};
    const gateway = await named(t, zone, `nodes: {"late.test:${upstream.port}": 1}`);
    assert.equal(await statusFrom(gateway), 503);
    assert.deepEqual(gateway.upstreamEvents, [{ type: 'unresolved', name: 'late.test', code: 'ENOTFOUND', kept: false }]);
    zone['late.test'] = { a: ['127.0.0.1'] };
    await until(() => addresses(gateway).length === 1, 4000);
    assert.equal(await statusFrom(gateway), 200);
  });

  it('is waited for no longer than `timeout.connect`', async (t) => {
    const gateway = await named(t, { 'api.test': { silent: true } }, 'nodes: {"api.test:9": 1}\n    timeout: {connect: 0.2, send: 1, read: 1}');
    const started = performance.now();
    assert.equal(await statusFrom(gateway), 503);
    assert.ok(performance.now() - started < 1500);
  });

  it('stays known over reloads: nothing is asked, and no request waits', async (t) => {
    const upstream = await startUpstream(t);
    const nodes = `nodes: {"api.test:${upstream.port}": 1}`;
    const gateway = await named(t, { 'api.test': { a: ['127.0.0.1'] } }, nodes);
    assert.equal(await statusFrom(gateway), 200);
    const before = gateway.dns.asked.length;
    for (let i = 1; i <= 20; i++) {
      gateway.swap(config(gateway.dns, `${nodes}\n    retries: ${i}`));
      assert.deepEqual(addresses(gateway), ['127.0.0.1']);
    }
    assert.equal(await statusFrom(gateway), 200);
    assert.equal(gateway.dns.asked.length, before);
    assert.equal(upstream.sockets.length, 1);
  });

  it('is asked for no more once no configuration has it', async (t) => {
    const gateway = await named(t, { 'api.test': { ttl: 1, a: ['127.0.0.1'] } }, 'nodes: {"api.test:9": 1}');
    await until(() => addresses(gateway).length === 1);
    gateway.swap('routes: []');
    const before = gateway.dns.asked.length;
    await new Promise((resolve) => void setTimeout(resolve, 1300));
    assert.equal(gateway.dns.asked.length, before);
  });

  it('is what TLS asks for and what the certificate is for, and not its address', async (t) => {
    const upstream = await startSecure(t, 'named');
    const gateway = await named(t, { 'named.test': { a: ['127.0.0.1'] } }, `scheme: https\n    pass_host: node\n    nodes: {"named.test:${upstream.port}": 1}\n    tls:\n      ca: ${yamlBlock(pem('ca'))}`);
    assert.equal(await statusFrom(gateway), 200);
    assert.deepEqual([upstream.names, upstream.hosts], [['named.test'], [`named.test:${upstream.port}`]]);
  });
});

describe('a service found by DNS', () => {
  it('has the hosts, ports, weights and priorities of its SRV records', async (t) => {
    const [a, b] = [await startUpstream(t, () => answer('a')), await startUpstream(t, () => answer('b'))];
    const zone: Zone = {
      'svc.test': { srv: [{ target: 'one.test', port: a.port, weight: 5, priority: 1 }, { target: 'two.test', port: b.port, weight: 1, priority: 2 }] },
      'one.test': { a: ['127.0.0.1'] }, 'two.test': { a: ['127.0.0.1'] },
    };
    const gateway = await named(t, zone, 'service_name: svc.test\n    discovery_type: dns');
    for (let i = 0; i < 4; i++) assert.equal(await bodyFrom(gateway), 'a');
    const nodes = gateway.gateway.table.upstreams.flatMap(({ members }) => members.nodes);
    assert.deepEqual(nodes.map(({ host, port, weight, priority }) => [host, port, weight, priority]), [['one.test', a.port, 5, -1], ['two.test', b.port, 1, -2]]);
  });

  it('is at its addresses and the port that is written when it has no SRV records', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await named(t, { 'plain.test': { a: ['127.0.0.1'] } }, `service_name: "plain.test:${upstream.port}"\n    discovery_type: dns`);
    assert.equal(await statusFrom(gateway), 200);
  });

  it('is a 503 as long as it has no nodes', async (t) => {
    const gateway = await named(t, { 'svc.test': { srv: [{ target: 'gone.test', port: 1 }] } }, 'service_name: svc.test\n    discovery_type: dns');
    assert.equal(await statusFrom(gateway), 503);
  });
});
