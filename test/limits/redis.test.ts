import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { until } from '../support/client.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { freePort, startRedis, withoutRedis } from '../support/redis.js';
import { answer, startHostile, startUpstream } from '../support/upstream.js';

/** A gateway whose one route has some plugins, in flow style. */
async function limited(t: TestContext, plugins: string, upstream: number): Promise<TestGateway> {
  return startGateway(t, `routes: [{id: r, uri: /*, upstream_id: up, plugins: {${plugins}}}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream}": 1}}]`);
}

async function send({ port }: TestGateway, headers = ''): Promise<Message> {
  const answer = await ask(port, get('/', headers));
  assert.ok(answer);
  return answer;
}

/** The statuses of requests to gateways in turn. */
async function statuses(gateways: readonly TestGateway[], times: number): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const gateway = gateways[i % gateways.length];
    if (gateway) all.push(statusOf(await send(gateway)));
  }
  return all;
}

/** A way to Redis that can be cut: for those who are connected, and for who comes meanwhile. */
async function startBetween(t: TestContext, port: () => number): Promise<{ readonly port: number; cut(): void; mend(): void }> {
  let isCut = false;
  const way = await startHostile(t, (socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect(port(), '127.0.0.1').setEncoding('latin1').on('error', () => socket.destroy());
    t.after(() => onward.destroy());
    socket.on('data', (text: string) => onward.write(text, 'latin1')).on('close', () => onward.destroy());
    onward.on('data', (text: string) => socket.write(text, 'latin1')).on('close', () => socket.destroy());
  });
  return {
    port: way.port,
    cut() {
      isCut = true;
      for (const socket of way.sockets) socket.destroy();
    },
    mend: () => { isCut = false; },
  };
}

const told = ({ told: messages }: TestGateway): readonly string[] => messages;

const remaining = (answer: Message): string => values(answer, 'x-ratelimit-remaining').join();

suite('limits in Redis', { skip: withoutRedis }, () => {
  for (const type of ['fixed', 'sliding']) {
    test(`gateways count together in a ${type} window, and survive reloads and restarts of theirs`, async (t) => {
      const redis = await startRedis(t);
      const upstream = await startUpstream(t);
      const options = `limit-count: {count: 4, time_window: 3600, window_type: ${type}, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}}`;
      const [a, b] = [await limited(t, options, upstream.port), await limited(t, options, upstream.port)];
      assert.equal(remaining(await send(a)), '3');
      const second = await send(b);
      assert.equal(remaining(second), '2');
      assert.ok(Number(values(second, 'x-ratelimit-reset')[0]) <= 3600);
      assert.deepEqual(await statuses([a, b], 4), [200, 200, 503, 503]);
      const third = await limited(t, options, upstream.port);
      assert.deepEqual(await statuses([third], 1), [503]);
    });
  }

  test('a lost Redis is told of once, delays nobody, and is used again when it is back', async (t) => {
    const redis = await startRedis(t);
    const upstream = await startUpstream(t);
    const where = `count: 1, time_window: 3600, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}`;
    const strict = await limited(t, `limit-count: {${where}}`, upstream.port);
    const lenient = await limited(t, `limit-count: {${where}, key_type: constant, key: lenient, allow_degradation: true}`, upstream.port);
    assert.deepEqual([await statuses([strict], 2), await statuses([lenient], 2)], [[200, 503], [200, 503]]);
    await redis.stop();
    await until(() => told(strict).length > 0, 'the loss is told');
    const began = performance.now();
    const refused = await send(strict);
    assert.equal(statusOf(refused), 500);
    assert.equal(refused.body, '{"error_msg":"failed to limit count"}\n');
    assert.deepEqual(await statuses([strict], 10), Array<number>(10).fill(500));
    assert.deepEqual(await statuses([lenient], 3), [200, 200, 200]);
    assert.ok(performance.now() - began < 1000, 'nobody waits');
    assert.equal(told(strict).filter((message) => message.includes('cannot be used')).length, 2, 'once by each of the two gateways');
    await redis.start();
    await until(() => told(strict).filter((message) => message.includes('there again')).length === 2, 'it is found again', 10_000);
    assert.deepEqual([await statuses([strict], 2), await statuses([lenient], 2)], [[200, 503], [200, 503]]);
  });

  test('a Redis that does not answer delays by its timeout, and after that nobody', async (t) => {
    const redis = await startRedis(t);
    const upstream = await startUpstream(t);
    const gateway = await limited(t, `limit-count: {count: 100, time_window: 3600, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}, redis_timeout: 200}`, upstream.port);
    assert.deepEqual(await statuses([gateway], 1), [200]);
    redis.freeze();
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(gateway)));
    assert.deepEqual(new Set(answers.map(statusOf)), new Set([500]));
    const took = performance.now() - began;
    assert.ok(took >= 150 && took < 2000, `took ${took} ms`);
    assert.deepEqual(await statuses([gateway], 5), Array<number>(5).fill(500));
    redis.thaw();
    await until(async () => statusOf(await send(gateway)) === 200, 'it is found again', 10_000);
  });

  test('a Redis that was never there answers within the timeout', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await limited(t, `limit-count: {count: 1, time_window: 60, policy: redis, redis_host: 127.0.0.1, redis_port: ${await freePort()}}`, upstream.port);
    const began = performance.now();
    assert.deepEqual(await statuses([gateway], 2), [500, 500]);
    assert.ok(performance.now() - began < 1500);
    assert.match(told(gateway)[0] ?? '', /cannot be used \(ECONNREFUSED\)/);
  });

  test('logs in with a password, and shows it nowhere when it is wrong', async (t) => {
    const redis = await startRedis(t, ['--requirepass', 'Zq9-hush']);
    const upstream = await startUpstream(t);
    const options = (password: string): string => `limit-count: {count: 1, time_window: 60, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}, redis_password: ${password}}`;
    assert.deepEqual(await statuses([await limited(t, options('Zq9-hush'), upstream.port)], 2), [200, 503]);
    const wrong = await limited(t, options('Zq8-hush'), upstream.port);
    assert.deepEqual(await statuses([wrong], 1), [500]);
    await until(() => told(wrong).some((message) => message.includes('cannot be used')), 'it is told');
    assert.ok(!told(wrong).join().includes('hush'), told(wrong).join());
  });

  test('a rate is kept together', async (t) => {
    const redis = await startRedis(t);
    const upstream = await startUpstream(t);
    const options = `limit-req: {rate: 0.01, burst: 2, key: remote_addr, nodelay: true, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}}`;
    const gateways = [await limited(t, options, upstream.port), await limited(t, options, upstream.port)];
    assert.deepEqual(await statuses(gateways, 5), [200, 200, 200, 503, 503]);
  });

  test('requests that are there at the same time are counted together, and forgotten when their client leaves', async (t) => {
    const redis = await startRedis(t);
    let answers = false;
    const upstream = await startUpstream(t, () => (answers ? answer() : undefined));
    const options = `limit-conn: {conn: 1, burst: 0, default_conn_delay: 0.01, key: remote_addr, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis.port}}`;
    const [a, b] = [await limited(t, options, upstream.port), await limited(t, options, upstream.port)];
    const leaving = new AbortController();
    const held = fetch(`http://127.0.0.1:${a.port}/`, { signal: leaving.signal }).catch(() => undefined);
    await until(() => upstream.requests.length === 1, 'the first is there');
    assert.equal(statusOf(await send(b)), 503);
    answers = true;
    leaving.abort();
    await held;
    await until(async () => statusOf(await send(b)) === 200, 'the first is gone');
  });

  test('who was counted while Redis did not answer, or left while it was lost, takes nobody\'s place', async (t) => {
    const redis = await startRedis(t);
    const held: Socket[] = [];
    let holds = false;
    const upstream = await startUpstream(t, (_, socket) => (holds ? void held.push(socket) : answer()));
    const between = await startBetween(t, () => redis.port);
    const gateway = await limited(t, `limit-conn: {conn: 2, burst: 0, default_conn_delay: 0.01, key: remote_addr, policy: redis, redis_host: 127.0.0.1, redis_port: ${between.port}, redis_timeout: 200}`, upstream.port);
    assert.deepEqual(await statuses([gateway], 1), [200]);
    redis.freeze();
    assert.deepEqual(await Promise.all([send(gateway), send(gateway)]).then((all) => all.map(statusOf)), [500, 500]);
    redis.thaw();
    const twice = async (): Promise<boolean> => (await Promise.all([send(gateway), send(gateway)])).every((message) => statusOf(message) === 200);
    await until(twice, 'those whom it counted after all have left');

    holds = true;
    const both = [send(gateway), send(gateway)];
    await until(() => held.length === 2, 'both are there');
    between.cut();
    holds = false;
    for (const socket of held) socket.write(answer());
    assert.deepEqual((await Promise.all(both)).map(statusOf), [200, 200]);
    between.mend();
    await until(twice, 'those who left meanwhile have left there too');
  });

  test('a Redis that has become a replica is left for the one that its name leads to', async (t) => {
    const [first, second] = [await startRedis(t), await startRedis(t)];
    const upstream = await startUpstream(t);
    let leader = first;
    const between = await startBetween(t, () => leader.port);
    const gateway = await limited(t, `limit-count: {count: 100, time_window: 3600, policy: redis, redis_host: 127.0.0.1, redis_port: ${between.port}}`, upstream.port);
    assert.deepEqual(await statuses([gateway], 1), [200]);
    leader = second;
    // of a master that is not there: a replica all the same, which copies nothing
    execFileSync('redis-cli', ['-p', String(first.port), 'replicaof', '127.0.0.1', '1']);
    assert.deepEqual(await statuses([gateway], 1), [500]);
    await until(async () => (await statuses([gateway], 1))[0] === 200, 'it counts in the other');
  });

  test('what answers like no script of ours lets nobody pass', async (t) => {
    const fake = await startHostile(t, (socket) => void socket.on('data', (text: string) => {
      for (const command of text.split(/(?=\*\d+\r\n)/)) socket.write(/info/i.test(command) ? '$20\r\nredis_version:7.0.0\n\r\n' : '+OK\r\n');
    }));
    const upstream = await startUpstream(t);
    const where = `policy: redis, redis_host: 127.0.0.1, redis_port: ${fake.port}, key: remote_addr`;
    for (const plugin of [`limit-count: {count: 1, time_window: 1, ${where}}`, `limit-req: {rate: 1, burst: 1, ${where}}`, `limit-conn: {conn: 1, burst: 1, default_conn_delay: 1, ${where}}`]) {
      assert.deepEqual(await statuses([await limited(t, plugin, upstream.port)], 1), [500], plugin);
    }
  });

  test('a cluster counts', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-redis-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const redis = await startRedis(t, ['--cluster-enabled', 'yes', '--dir', folder, '--cluster-announce-ip', '127.0.0.1']);
    const cli = (...args: string[]): string => execFileSync('redis-cli', ['-p', String(redis.port), ...args], { encoding: 'utf8' });
    cli('cluster', 'addslotsrange', '0', '16383');
    await until(() => cli('cluster', 'info').includes('cluster_state:ok'), 'the cluster is ready', 10_000);
    const upstream = await startUpstream(t);
    const options = `limit-count: {count: 3, time_window: 60, policy: redis-cluster, redis_cluster_name: c, redis_cluster_nodes: ["127.0.0.1:${redis.port}"]}`;
    const gateways = [await limited(t, options, upstream.port), await limited(t, options, upstream.port)];
    assert.deepEqual(await statuses(gateways, 4), [200, 200, 200, 503]);
  });

  test('sentinels tell where Redis is', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-redis-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const redis = await startRedis(t);
    const file = join(folder, 'sentinel.conf');
    writeFileSync(file, `sentinel monitor mymaster 127.0.0.1 ${redis.port} 1\n`);
    const sentinel = await startRedis(t, [], [file, '--sentinel']);
    const upstream = await startUpstream(t);
    const options = `limit-count: {count: 3, time_window: 60, policy: redis-sentinel, redis_master_name: mymaster, redis_sentinels: [{host: 127.0.0.1, port: ${sentinel.port}}]}`;
    const gateways = [await limited(t, options, upstream.port), await limited(t, options, upstream.port)];
    assert.deepEqual(await statuses(gateways, 4), [200, 200, 200, 503]);
  });
});

test('a configuration that is not applied connects to nothing', async (t) => {
  let connections = 0;
  const server = createServer((socket) => { connections++; socket.destroy(); }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const upstream = await startUpstream(t);
  const { port } = server.address() as AddressInfo;
  const gateway = await limited(t, '', upstream.port);
  const routes = `routes: [{id: r, uri: /*, upstream_id: up, plugins: {limit-count: {count: 1, time_window: 60, policy: redis, redis_host: 127.0.0.1, redis_port: ${port}}}}]`;
  assert.throws(() => gateway.swap(`${routes}\nupstreams: []`));
  assert.equal(connections, 0);
  gateway.swap(`${routes}\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`);
  await until(() => connections > 0, 'one that is does');
});
