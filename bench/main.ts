/** `npm run bench`: what a request costs here and in other proxies. See bench/README.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { type Case, CASES } from './cases.js';
import { describeMachine, findProgram, lastCore, otherLoad } from './machine.js';
import { measure, type Measured } from './measure.js';
import { type Options, readOptions, USAGE } from './options.js';
import { serveOwn } from './peers/peer.js';
import { Processes } from './processes.js';
import { draw, drawCase, insert, type Run } from './report.js';

const README = new URL('../../bench/README.md', import.meta.url);

async function main(options: Options): Promise<void> {
  const cases = select(options);
  if (options.list) return void process.stdout.write(cases.map(listed).join(''));
  if (os.platform() !== 'linux') throw new Error('CPU time is read from /proc: this runs on Linux only');
  const core = findProgram('taskset') === undefined ? undefined : options.core ?? lastCore();
  const processes = new Processes(core);
  const folder = mkdtempSync(join(os.tmpdir(), 'gateway-bench-'));
  const clean = (): void => {
    processes.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clean);
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) process.once(signal, () => process.exit(code));

  const run = await measureAll(await prepare(processes, folder, options), cases, options);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(run, null, 1)}\n`);
  if (options.write) writeFileSync(README, insert(readFileSync(README, 'utf8'), draw(run)));
}

function select({ cases, only }: Options): Case[] {
  const has = (name: string, parts: readonly string[]): boolean => parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  const selected = CASES.filter(({ name }) => has(name, cases)).map((one) => (
    { ...one, contestants: one.contestants.filter(({ name }) => has(name, only) || one.baselines.includes(name)) }
  ));
  if (selected.length === 0) throw new Error(`there is no such case; there are: ${CASES.map(({ name }) => name).join(', ')}`);
  return selected;
}

const listed = ({ name, contestants }: Case): string => `${name}: ${contestants.map((contestant) => contestant.name).join('; ')}\n`;

async function prepare(processes: Processes, folder: string, { connections }: Options): Promise<Bench> {
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const bench: Bench = { processes, folder, connections, note, wrk: findProgram('wrk'), upstream: 0, service: 0 };
  const [upstream, service] = [await serveOwn(bench, 'upstream'), await serveOwn(bench, 'service')];
  return { ...bench, upstream: upstream.port, service: service.port };
}

async function measureAll(bench: Bench, cases: readonly Case[], options: Options): Promise<Run> {
  const head = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(), layout: layoutOf(bench, options), notes: await notesOf(bench) };
  process.stdout.write(`${draw({ ...head, cases: [] })}\n\n`);
  const measured: Measured[] = [];
  for (const one of cases) {
    const result = await measure(one.service === true ? { ...bench, upstream: bench.service } : bench, one, options);
    process.stdout.write(`${drawCase(result)}\n\n`);
    measured.push(result);
  }
  return { ...head, cases: measured };
}

function layoutOf({ processes: { core }, wrk, connections }: Bench, { rounds, seconds }: Options): string {
  const where = core === undefined ? 'Nothing is pinned' : `Proxy, load and upstream share core ${core}`;
  const tool = wrk === undefined ? 'the load generator of this folder' : 'wrk';
  return `${where}; ${tool} with ${connections} kept-alive connections; the upstream is bench/servers/upstream.ts, and bench/servers/service.ts where a service is told of; medians of ${rounds} interleaved rounds of ${seconds} s`;
}

async function notesOf({ processes: { core }, wrk }: Bench): Promise<string[]> {
  const notes: string[] = [];
  if (core === undefined) notes.push('taskset is not installed: without one core for all, wake-ups between cores weigh on every figure.');
  if (wrk === undefined) notes.push('wrk is not installed: the load generator that stands in takes more of the core.');
  const busy = core === undefined ? 0 : await otherLoad(core);
  if (busy > 0.05) notes.push(`Others used ${Math.round(busy * 100)} % of the core when this began: no figures to quote.`);
  return notes;
}

try {
  await main(readOptions(process.argv.slice(2)));
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(1);
}
