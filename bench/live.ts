import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startGateway, workspace, type Running } from '../test/support/cli.js';
import { startLoad, untilAnswer, type Answer } from '../test/support/client.js';
import { startUpstream, type TestUpstream } from '../test/support/counting-upstream.js';
import { saveByRename, tutorial } from '../test/support/files.js';

/**
 * Prints what live edits of a running gateway cost: `npm run bench:live`. The program is run as users run it, under
 * load, with real files and sockets.
 */
const CONNECTIONS = 32;
const TOGGLES = 20;
const FLIPS = 200;
const RELOADS = 300;
const STARTS = 10;

const space = await workspace();
const file = space.path('config.yaml');
const [a, b] = [await startUpstream('a'), await startUpstream('b')];
try {
  await writeFile(file, tutorial(a.port));
  tell('startup', await startup());
  const gateway = await startGateway(file);
  try {
    tell('toggle in place', await toggles(gateway, writeFile));
    tell('toggle by rename', await toggles(gateway, saveByRename));
    tell('A/B flips', await flips(gateway));
    tell('reloads under load', await reloads(gateway));
    tell('memory', `RSS ${await residentMegabytes(gateway)} MB after all that`);
  } finally {
    await gateway.kill();
  }
  tell('leak', await leak());
} finally {
  await Promise.all([a.close(), b.close(), space.remove()]);
}

function tell(what: string, figures: string): void {
  process.stdout.write(`${what.padEnd(20)}${figures}\n`);
}

async function startup(): Promise<string> {
  const took: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const gateway = await startGateway(file);
    took.push(performance.now() - gateway.program.started);
    await gateway.kill();
  }
  return `spawn to serving: ${spread(took)}`;
}

async function toggles({ url }: Running, save: (file: string, text: string) => Promise<void>): Promise<string> {
  const load = startLoad(`${url}/ip`, onlyStatus(200), { connections: CONNECTIONS, headers: { apikey: 'secret-key' }, rest: 0 });
  const took: Record<'off' | 'on', number[]> = { off: [], on: [] };
  for (let i = 0; i < 2 * TOGGLES; i++) {
    const disabled = i % 2 === 0;
    const saved = performance.now();
    await save(file, tutorial(a.port, { disabled }));
    await untilAnswer(`${url}/ip`, ({ status }) => status === (disabled ? 200 : 401));
    took[disabled ? 'off' : 'on'].push(performance.now() - saved);
  }
  await load.stop();
  return `authentication off: ${spread(took.off)}; on: ${spread(took.on)}; ${outcome(load)}`;
}

/** SIGHUP applies each flip, so that the figure is of the swap and not of the watcher's patience. */
async function flips(gateway: Running): Promise<string> {
  const url = `${gateway.url}/v`;
  const headers = { apikey: 'the-key' };
  await gateway.outcome(() => saveByRename(file, version('a', a)));
  const load = startLoad(url, mixed, { connections: CONNECTIONS, headers, rest: 0 });
  for (let i = 1; i <= FLIPS; i++) {
    const [name, upstream] = i % 2 === 1 ? ['b', b] as const : ['a', a] as const;
    await saveByRename(file, version(name, upstream));
    gateway.program.signal('SIGHUP');
    await untilAnswer(url, ({ body }) => body.includes(`"${name}.test"`), { headers });
  }
  await load.stop();
  return `${FLIPS} flips: ${outcome(load)} (a mix of versions is a failure)`;
}

async function reloads(gateway: Running): Promise<string> {
  const upstream = await startUpstream('pooled');
  // a connection ends after so many requests, which is not what is counted here
  const lasting = tutorial(upstream.port).replace('  - id: up\n', '  - id: up\n    keepalive_pool: {requests: 1000000}\n');
  await gateway.outcome(() => saveByRename(file, lasting));
  const load = startLoad(`${gateway.url}/open`, onlyStatus(200), { connections: CONNECTIONS, rest: 0 });
  for (let i = 0; i < RELOADS; i++) {
    await gateway.outcome(() => gateway.program.signal('SIGHUP'));
  }
  await load.stop();
  const { opened } = upstream;
  await upstream.close();
  return `${RELOADS} reloads, ${CONNECTIONS} clients: ${opened} upstream connections; ${outcome(load)}`;
}

async function leak(): Promise<string> {
  const script = fileURLToPath(new URL('../test/support/reload-many.js', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', script, '500', '200'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const { heap: [early = 0, late = 0], tables } = JSON.parse(stdout) as { heap: number[]; tables: number };
  return `500 reloads of 200 routes: ${Math.round((late - early) / 250)} bytes of heap per reload, ${tables} table alive`;
}

function onlyStatus(wanted: number): (answer: Answer) => string | undefined {
  return ({ status }) => (status === wanted ? undefined : `status ${status}`);
}

function version(name: string, upstream: TestUpstream): string {
  return `
consumers: [{username: consumer_${name}, plugins: {key-auth: {key: the-key}}}]
routes: [{id: v, uri: /v, upstream_id: up, plugins: {key-auth: {}}}]
upstreams: [{id: up, pass_host: rewrite, upstream_host: ${name}.test, nodes: {127.0.0.1:${upstream.port}: 1}}]
gateway: {listen: 127.0.0.1:0}
#END
`;
}

function mixed({ status, body }: Answer): string | undefined {
  if (status !== 200) return `status ${status}`;
  const { upstream, host, consumer } = JSON.parse(body) as Record<string, string>;
  return host === `${upstream}.test` && consumer === `consumer_${upstream}` ? undefined : body;
}

function outcome({ count, failures }: { readonly count: number; readonly failures: readonly string[] }): string {
  return `${failures.length} of ${count} requests failed${failures.length > 0 ? ` (${[...new Set(failures)].slice(0, 3).join('; ')})` : ''}`;
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((x, y) => x - y);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

async function residentMegabytes(gateway: Running): Promise<string> {
  const status = await readFile(`/proc/${gateway.program.child.pid}/status`, 'utf8');
  return ((Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)) / 1024).toFixed(0);
}
