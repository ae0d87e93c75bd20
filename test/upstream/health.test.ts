import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, get, until } from '../support/raw.js';
import { pem, startSecure, yamlBlock } from '../support/secure-upstream.js';
import { answer, refusing, startUpstream, type RawUpstream } from '../support/upstream.js';

/** Nodes whose answers to probes and to requests can be changed. */
interface Moody extends RawUpstream {
  probe: string;
  reply: string;
}

async function startMoody(t: TestContext, name: string): Promise<Moody> {
  const state = { probe: '200 OK', reply: '200 OK' };
  const upstream = await startUpstream(t, ({ target }) => answer(name, '', target === '/healthz' ? state.probe : state.reply));
  return Object.assign(state, upstream);
}

const QUICK = 'active: {http_path: /healthz, unhealthy: {http_failures: 1}, healthy: {successes: 1}}';
const SLOW = 'active: {http_path: /healthz, healthy: {interval: 60}, unhealthy: {interval: 60}}';

const config = (nodes: readonly { readonly port: number }[], checks: string, more = ''): string => `
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    nodes: [${nodes.map(({ port }) => `{host: 127.0.0.1, port: ${port}, weight: 1}`).join(', ')}]
    checks: {${checks}}
    ${more}`;

/** The bodies of so many answers. */
async function bodies({ port }: TestGateway, count: number): Promise<string[]> {
  const all: string[] = [];
  for (let i = 0; i < count; i++) all.push(((await ask(port, get('/'))) ?? assert.fail('cut')).body);
  return all;
}

const health = ({ gateway }: TestGateway): (boolean | undefined)[] => gateway.table.upstreams.flatMap(({ members }) => members.nodes.map((node) => node.health?.up));
const words = ({ upstreamEvents }: TestGateway): string[] => upstreamEvents.flatMap((event) => (event.type === 'health' ? [`${event.healthy ? 'up' : 'down'}: ${event.because}`] : []));
const requestsFor = (upstream: RawUpstream, target: string): number => upstream.requests.filter((request) => request.target === target).length;

describe('active checks', () => {
  it('begin at the load, before any request', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    await startGateway(t, config([a, b], QUICK));
    await until(() => requestsFor(a, '/healthz') > 0 && requestsFor(b, '/healthz') > 0);
  });

  it('take a node out when it answers badly, and back in when it answers well', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    b.probe = '500 No';
    const gateway = await startGateway(t, config([a, b], QUICK));
    await until(() => health(gateway)[1] === false);
    assert.deepEqual(await bodies(gateway, 6), Array(6).fill('a'));
    b.probe = '200 OK';
    await until(() => health(gateway)[1] === true, 4000);
    assert.deepEqual(new Set(await bodies(gateway, 6)), new Set(['a', 'b']));
    assert.deepEqual(words(gateway), ['down: bad status: 1 probe', 'up: success: 1 probe']);
  });

  it('send what is configured', async (t) => {
    const a = await startMoody(t, 'a');
    await startGateway(t, config([a], 'active: {http_path: /healthz, http_method: POST, http_req_body: hello, host: probe.test, req_headers: ["X-Probe: yes", "User-Agent: gateway"]}'));
    await until(() => a.requests.length > 0);
    const [request] = a.requests;
    assert.deepEqual([request?.method, request?.body], ['POST', 'hello']);
    assert.match(a.bytes.join(''), /\r\nHost: probe\.test\r\n[^]*X-Probe: yes\r\nUser-Agent: gateway\r\n/);
  });

  it('tell a node that refuses connections, and one that does not answer in time', async (t) => {
    const [gone, mute, good] = [{ port: await refusing() }, await startUpstream(t, ({ target }) => (target === '/healthz' ? undefined : answer('mute'))), await startMoody(t, 'good')];
    const gateway = await startGateway(t, config([gone, mute, good], 'active: {http_path: /healthz, timeout: 0.1, unhealthy: {tcp_failures: 1, timeouts: 1}}'));
    await until(() => health(gateway).join() === 'false,false,true', 4000);
    assert.deepEqual(words(gateway).sort(), ['down: no answer in time: 1 probe', 'down: no connection: 1 probe']);
    assert.deepEqual(await bodies(gateway, 3), Array(3).fill('good'));
  });

  it('of type tcp want a connection alone', async (t) => {
    const [a, gone] = [await startMoody(t, 'a'), { port: await refusing() }];
    a.probe = '500 No';
    const gateway = await startGateway(t, config([a, gone], 'active: {type: tcp, unhealthy: {tcp_failures: 1}}'));
    await until(() => health(gateway).join() === 'true,false');
    assert.equal(a.requests.length, 0);
  });

  it('of type https verify the certificate, unless told otherwise', async (t) => {
    const secure = await startSecure(t);
    const rules = (verify: boolean, tls: string): string => `
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    scheme: https
    nodes: {"127.0.0.1:${secure.port}": 1}
    checks: {active: {type: https, https_verify_certificate: ${verify}, unhealthy: {tcp_failures: 1}}}
    ${tls}`;
    const gateway = await startGateway(t, rules(true, ''));
    await until(() => health(gateway)[0] === false);
    gateway.swap(rules(false, ''));
    await until(() => secure.hosts.length === 1);
    assert.deepEqual(health(gateway), [true]);
    gateway.swap(rules(true, `tls:\n      ca: ${yamlBlock(pem('ca'))}`));
    await until(() => secure.hosts.length === 2);
    assert.deepEqual(health(gateway), [true]);
  });

  it('end with the last configuration that has them', async (t) => {
    const a = await startMoody(t, 'a');
    const gateway = await startGateway(t, config([a], QUICK));
    await until(() => requestsFor(a, '/healthz') > 0);
    gateway.swap('routes: []');
    await until(() => a.open() === 0);
    const before = a.requests.length;
    await new Promise((resolve) => void setTimeout(resolve, 1300));
    assert.equal(a.requests.length, before);
  });
});

describe('unhealthy nodes', () => {
  it('are all used when all are unhealthy', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    a.probe = b.probe = '500 No';
    const gateway = await startGateway(t, config([a, b], QUICK));
    await until(() => health(gateway).join() === 'false,false');
    assert.deepEqual(new Set(await bodies(gateway, 6)), new Set(['a', 'b']));
  });

  it('leave their requests to nodes of a lower priority', async (t) => {
    const [a, spare] = [await startMoody(t, 'a'), await startMoody(t, 'spare')];
    const gateway = await startGateway(t, config([a, spare], QUICK).replace(`port: ${spare.port}, weight: 1`, `port: ${spare.port}, weight: 1, priority: -1`));
    assert.deepEqual(new Set(await bodies(gateway, 4)), new Set(['a']));
    a.probe = '500 No';
    await until(() => health(gateway)[0] === false, 4000);
    assert.deepEqual(new Set(await bodies(gateway, 4)), new Set(['spare']));
  });

  it('leave the requests of the others where they are, with chash', async (t) => {
    const nodes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => startMoody(t, name)));
    const gateway = await startGateway(t, config(nodes, QUICK, 'type: chash\n    key: arg_k'));
    const placed = async (): Promise<string[]> => {
      const all: string[] = [];
      for (let i = 0; i < 40; i++) all.push(((await ask(gateway.port, get(`/?k=${i}`))) ?? assert.fail('cut')).body);
      return all;
    };
    const before = await placed();
    const [first] = nodes;
    assert.ok(first);
    first.probe = '500 No';
    await until(() => health(gateway)[0] === false, 4000);
    const after = await placed();
    assert.ok(!after.includes('a'));
    assert.deepEqual(after.filter((_, i) => before[i] !== 'a'), before.filter((name) => name !== 'a'));
  });

  it('get no request during 100 reloads that leave their check as it is', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    b.probe = '500 No';
    const gateway = await startGateway(t, config([a, b], QUICK));
    await until(() => health(gateway)[1] === false);
    const before = requestsFor(b, '/');
    let answers = 0;
    let reloading = true;
    const load = (async () => {
      while (reloading) {
        assert.equal(statusOf((await ask(gateway.port, get('/'))) ?? assert.fail('cut')), 200);
        answers++;
      }
    })();
    for (let i = 0; i < 100; i++) {
      gateway.swap(config([a, b], QUICK, `retries: ${i}`));
      await new Promise((resolve) => void setTimeout(resolve, 2));
    }
    reloading = false;
    await load;
    assert.ok(answers > 20, `${answers} answers`);
    assert.equal(requestsFor(b, '/'), before);
  });

  it('are healthy again once their check is another', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    b.probe = '500 No';
    const gateway = await startGateway(t, config([a, b], QUICK));
    await until(() => health(gateway)[1] === false);
    gateway.swap(config([a, b], SLOW));
    assert.deepEqual(health(gateway), [true, true]);
  });
});

describe('passive checks', () => {
  const passive = (rules: string): string => `${SLOW}, passive: {${rules}}`;

  it('take a node out for what it answers to clients', async (t) => {
    const [a, b] = [await startMoody(t, 'a'), await startMoody(t, 'b')];
    b.reply = '500 No';
    const gateway = await startGateway(t, config([a, b], passive('unhealthy: {http_failures: 2}')));
    await bodies(gateway, 4);
    assert.deepEqual(health(gateway), [true, false]);
    assert.deepEqual(words(gateway), ['down: bad status: 2 requests']);
    assert.deepEqual(await bodies(gateway, 4), Array(4).fill('a'));
  });

  it('count failures in a row: a success in between begins anew', async (t) => {
    const a = await startMoody(t, 'a');
    const gateway = await startGateway(t, config([a], passive('unhealthy: {http_failures: 2}')));
    for (const reply of ['500 No', '200 OK', '500 No', '404 Not Found', '201 Created', '500 No']) {
      a.reply = reply;
      await bodies(gateway, 1);
    }
    assert.deepEqual(health(gateway), [true]);
    await bodies(gateway, 1);
    assert.deepEqual(health(gateway), [false]);
  });

  it('take a node out that refuses connections, and clients see none of it', async (t) => {
    const [a, gone] = [await startMoody(t, 'a'), { port: await refusing() }];
    const gateway = await startGateway(t, config([a, gone], passive('unhealthy: {tcp_failures: 2}')));
    assert.deepEqual(await bodies(gateway, 8), Array(8).fill('a'));
    assert.deepEqual(health(gateway), [true, false]);
  });

  it('of type tcp look at no status, and a limit of 0 is none', async (t) => {
    for (const rules of ['type: tcp, unhealthy: {http_failures: 1}', 'unhealthy: {http_failures: 0}']) {
      const a = await startMoody(t, 'a');
      a.reply = '500 No';
      const gateway = await startGateway(t, config([a], passive(rules)));
      await bodies(gateway, 6);
      assert.deepEqual(health(gateway), [true]);
    }
  });
});
