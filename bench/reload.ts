import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { startGateway, workspace, type Running } from '../test/support/cli.js';
import { ask, startLoad } from '../test/support/client.js';
import { startUpstream } from '../test/support/counting-upstream.js';
import { saveByRename } from '../test/support/files.js';
import { largeFile, type Kind } from '../test/support/large-file.js';

/**
 * Prints what an edit of a large file costs: `npm run bench:reload [SIZE…]`. The program is run as users run it, under a
 * light load; its event loop is watched from within, at first for a while without edits: what the machine itself does to it.
 */
const EDITS = 5;
const CONNECTIONS = 4;
const PATIENCE_MS = 120_000;
const CALM_MS = 3000;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 10_000, 100_000];

const space = await workspace();
const upstream = await startUpstream('up');
try {
  process.stdout.write('| | start | edit → live: median, slowest | bad edit → refused: median, slowest | event loop blocked at most: without edits, with, with bad ones | worst answer | memory: idle, after edits |\n|---|---|---|---|---|---|---|\n');
  for (const size of sizes) for (const kind of ['routes', 'consumers'] as const) process.stdout.write(`${await measure(kind, size)}\n`);
} finally {
  await Promise.all([upstream.close(), space.remove()]);
}

async function measure(kind: Kind, size: number): Promise<string> {
  const file = space.path(`${kind}-${size}.yaml`);
  const text = (edit: number): string => largeFile(kind, size, upstream.port, edit);
  await writeFile(file, text(0));
  const port = await freePort();
  const probe = new URL('delay-probe.js', import.meta.url).href;
  const gateway = await startGateway(file, [], { env: { NODE_OPTIONS: `--import=${probe}`, GATEWAY_DELAY_PORT: String(port) }, within: PATIENCE_MS });
  try {
    const start = performance.now() - gateway.program.started;
    const idle = await look(port);
    await loaded(gateway, () => setTimeout(CALM_MS));
    const calm = await look(port);
    const live: number[] = [];
    const worst = await loaded(gateway, async () => void live.push(...await edits(gateway, file, text, 'applied')));
    const good = await look(port);
    const told: number[] = [];
    const worstOfBad = await loaded(gateway, async () => void told.push(...await edits(gateway, file, (edit) => spoilt(text(edit)), 'refused')));
    const bad = await look(port);
    const blocked = [calm, good, bad].map(({ max }) => max.toFixed(0)).join(', ');
    return `| ${size.toLocaleString('en')} ${kind} | ${seconds(start)} | ${spread(live)} | ${spread(told)} | ${blocked} ms | ${Math.max(worst, worstOfBad).toFixed(0)} ms | ${idle.rss.toFixed(0)}, ${bad.rss.toFixed(0)} MB |`;
  } finally {
    await gateway.kill();
  }
}

/** Does something under a light load; the longest time between two answers. */
async function loaded(gateway: Running, work: () => Promise<void>): Promise<number> {
  let worst = 0;
  let before = performance.now();
  const load = startLoad(`${gateway.url}/open`, ({ status }) => {
    worst = Math.max(worst, performance.now() - before);
    before = performance.now();
    return status === 200 ? undefined : `status ${status}`;
  }, { connections: CONNECTIONS });
  await work();
  await load.stop();
  if (load.failures.length > 0) throw new Error(load.failures[0]);
  return worst;
}

/** How long each edit took to come to this. */
async function edits(gateway: Running, file: string, text: (edit: number) => string, outcome: 'applied' | 'refused'): Promise<number[]> {
  const took: number[] = [];
  for (let edit = 1; edit <= EDITS; edit++) {
    const next = text(edit);
    const from = performance.now();
    await gateway.outcome(() => saveByRename(file, next), outcome === 'applied' ? / applied: / : / refused, /, PATIENCE_MS);
    took.push(performance.now() - from);
  }
  return took;
}

/** A text with the same slip in each item, so that as much is told as is ever told. */
function spoilt(text: string): string {
  return text.replaceAll('key-auth:', 'key-atuh:');
}

async function look(port: number): Promise<{ readonly max: number; readonly rss: number }> {
  const { body } = await ask(`http://127.0.0.1:${port}/`);
  return JSON.parse(body) as { max: number; rss: number };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The median and the slowest. */
function spread(milliseconds: readonly number[]): string {
  return `${seconds(milliseconds.toSorted((a, b) => a - b)[milliseconds.length >> 1] ?? 0)}, ${seconds(Math.max(...milliseconds))}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
