import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { run, startGateway, workspace } from '../support/cli.js';
import { ask, until } from '../support/client.js';
import { startDns } from '../support/dns.js';
import { refusing } from '../support/upstream.js';

interface Status {
  readonly upstreams: readonly { readonly upstream: string; readonly type: string; readonly nodes: readonly NodeStatus[] }[];
}

interface NodeStatus {
  readonly host: string;
  readonly address: string;
  readonly weight: number;
  readonly in_flight: number;
  readonly healthy: boolean | null;
  readonly counters?: object;
}

describe('GET /status/upstreams', () => {
  it('tells of nodes, addresses, requests in flight and health; the log tells of each change', async (t) => {
    const space = await workspace();
    t.after(space.remove);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const node = http.createServer((req, res) => void (req.url === '/hold' ? held.then(() => res.end('ok')) : res.end('ok'))).listen(0, '127.0.0.1');
    await once(node, 'listening');
    t.after(() => node.close());
    const dns = await startDns(t, { 'api.test': { a: ['127.0.0.1'] } });
    const { port } = node.address() as AddressInfo;
    const gone = await refusing();
    await writeFile(space.path('c.yaml'), `
gateway: {dns_resolver: ["${dns.address}"], show_upstream_status: true}
routes: [{uri: /*, upstream_id: up}]
upstreams:
  - id: up
    type: least_conn
    nodes: {"api.test:${port}": 5, "127.0.0.1:${gone}": 1}
    checks: {active: {unhealthy: {tcp_failures: 1}}}
#END
`);
    const gateway = await startGateway(space.path('c.yaml'), ['--listen', '127.0.0.1:0']);
    t.after(() => gateway.kill());
    await gateway.program.line(({ msg }) => new RegExp(`^upstream/up: node 127\\.0\\.0\\.1:${gone} is unhealthy \\(no connection: 1 probe\\)$`).test(msg));
    await gateway.program.line(({ msg }) => /^api\.test stands for 127\.0\.0\.1$/.test(msg));

    const answer = ask(`${gateway.url}/hold`);
    const status = async (): Promise<Status> => JSON.parse((await ask(`${gateway.admin}/status/upstreams`)).body) as Status;
    await until(async () => (await status()).upstreams[0]?.nodes[0]?.in_flight === 1, 'the request is in flight');
    const [upstream] = (await status()).upstreams;
    assert.deepEqual([upstream?.upstream, upstream?.type], ['upstream/up', 'least_conn']);
    assert.deepEqual(upstream?.nodes.map(({ host, address, weight, healthy }) => [host, address, weight, healthy]), [['api.test', '127.0.0.1', 5, true], ['127.0.0.1', '127.0.0.1', 1, false]]);
    assert.deepEqual(upstream?.nodes[1]?.counters, { successes: 0, http_failures: 0, tcp_failures: 0, timeouts: 0 });
    release();
    const { status: code, headers } = await answer;
    assert.deepEqual([code, headers['x-apisix-upstream-status']], [200, '200']);
    await until(async () => (await status()).upstreams[0]?.nodes[0]?.in_flight === 0, 'the request is over');
  });
});

describe('gateway validate', () => {
  it('looks no name up, and probes no node', async (t) => {
    const space = await workspace();
    t.after(space.remove);
    let met = 0;
    const node = http.createServer(() => void met++).listen(0, '127.0.0.1');
    await once(node, 'listening');
    t.after(() => node.close());
    const dns = await startDns(t, {});
    await writeFile(space.path('c.yaml'), `
gateway: {dns_resolver: ["${dns.address}"], discovery: {dns: {servers: ["${dns.address}"]}}}
routes:
  - {uri: /a, upstream: {nodes: {"nobody.test:80": 1, "127.0.0.1:${(node.address() as AddressInfo).port}": 1}, checks: {active: {}}}}
  - {uri: /b, upstream: {service_name: nobody.test, discovery_type: dns}}
`);
    assert.equal((await run(['validate', '-c', space.path('c.yaml')])).code, 0);
    assert.deepEqual([dns.asked, met], [[], 0]);
  });
});
