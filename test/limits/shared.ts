import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { until } from '../support/client.js';
import { startUpstream } from '../support/counting-upstream.js';
import type { Closing } from '../support/gateway.js';
import { pipelined } from '../support/pipelined.js';
import { startRedis } from '../support/redis.js';

/** Shares of all requests that each limit takes; nothing, one, some, most, and more than there are. */
const SHARES = [0, 0.001, 0.37, 0.9, 2];

/**
 * Two gateways with one Redis: sends so many requests through both at several limits, and checks that as many pass as
 * the limit says, to the one. Then Redis goes and comes back, and the same is true again.
 */
export async function shareLimits(scope: Closing, requests: number): Promise<void> {
  const redis = await startRedis(scope);
  const upstream = await startUpstream('up');
  scope.after(() => upstream.close());
  const space = await workspace();
  scope.after(() => space.remove());
  const each = Math.floor(requests / SHARES.length / CLIENTS) * CLIENTS;
  const limits = SHARES.map((share) => Math.max(1, Math.round(each * share)));
  await writeFile(space.path('config.yaml'), configuration(limits, redis.port, upstream.port));
  const gateways: Running[] = [];
  for (let i = 0; i < 2; i++) {
    const gateway = await startGateway(space.path('config.yaml'), ['--listen', '127.0.0.1:0']);
    scope.after(() => gateway.kill());
    gateways.push(gateway);
  }
  const ports = gateways.map(({ url }) => Number(new URL(url).port));

  await exhaust(ports, limits, each);
  await redis.stop();
  for (const { program } of gateways) await program.line((line) => line.msg.includes('cannot be used'));
  assert.deepEqual(await send(ports, '/0', 40), new Map([[500, 40]]));
  await redis.start();
  for (const { program } of gateways) await program.line((line) => line.msg.includes('there again'), { within: 10_000 });
  await exhaust(ports, limits, each);
  await until(async () => (await Promise.all(gateways.map((gateway) => gateway.ready()))).every((status) => status === 200), 'both are well');
}

/** Connections to each gateway, times their number. */
const CLIENTS = 4;

async function exhaust(ports: readonly number[], limits: readonly number[], each: number): Promise<void> {
  const results = await Promise.all(limits.map((_, i) => send(ports, `/${i}`, each)));
  assert.deepEqual(results.map((counts) => [counts.get(200) ?? 0, counts.get(429) ?? 0]), limits.map((limit) => [Math.min(limit, each), Math.max(each - limit, 0)]));
}

/** The statuses of requests for a path, sent by several clients to both gateways. */
async function send(ports: readonly number[], path: string, requests: number): Promise<Map<number, number>> {
  const all = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => pipelined(ports[i % ports.length] ?? 0, path, requests / CLIENTS)));
  const sum = new Map<number, number>();
  for (const counts of all) for (const [status, count] of counts) sum.set(status, (sum.get(status) ?? 0) + count);
  return sum;
}

function configuration(limits: readonly number[], redis: number, upstream: number): string {
  const routes = limits.map((limit, i) => `  - {id: r${i}, uri: /${i}, upstream_id: up, plugins: {limit-count: {count: ${limit}, time_window: 3600, key_type: constant, key: all, rejected_code: 429, policy: redis, redis_host: 127.0.0.1, redis_port: ${redis}, redis_timeout: 5000}}}`);
  return `routes:\n${routes.join('\n')}\nupstreams:\n  - {id: up, nodes: {"127.0.0.1:${upstream}": 1}}\n#END\n`;
}
