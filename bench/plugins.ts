/** `npm run bench:plugins`: the CPU time that each plugin adds to a request. See bench/README.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import type { Contestant } from './cases.js';
import { findProgram, lastCore, otherLoad } from './machine.js';
import { measure, type Measured } from './measure.js';
import { readOptions } from './options.js';
import { serveOwn, type Peer } from './peers/peer.js';
import { ENTRIES, type Entry } from './plugins/entries.js';
import { Processes } from './processes.js';
import { get, type Request } from './request.js';
import { median } from './summary.js';

const PROGRAM = fileURLToPath(new URL('../../bin/gateway.js', import.meta.url));
const BARE: Entry = { name: 'no plugin', plugins: () => '' };

const options = readOptions(process.argv.slice(2));
const core = findProgram('taskset') === undefined ? undefined : options.core ?? lastCore();
const processes = new Processes(core);
const folder = mkdtempSync(join(os.tmpdir(), 'gateway-bench-'));
process.once('exit', () => {
  processes.kill();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const note = (text: string): void => void process.stderr.write(`${text}\n`);
const busy = core === undefined ? 0 : await otherLoad(core);
if (busy > 0.05) note(`Others use ${Math.round(busy * 100)} % of the core: no figures to quote.`);
const upstream = await serveOwn({ processes, folder, connections: options.connections, note, wrk: undefined, upstream: 0, service: 0 }, 'upstream');
const bench: Bench = { processes, folder, connections: options.connections, note, wrk: findProgram('wrk'), upstream: upstream.port, service: 0 };
const chosen = ENTRIES.filter(({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)));
const compared = ENTRIES.filter((entry) => !chosen.includes(entry) && chosen.some(({ over }) => over === entry.name));
const contestants = [BARE, ...compared, ...chosen].map((entry): Contestant => ({ name: entry.name, peer: peer(entry), request: requestOf(entry) }));
report(await measure(bench, { name: 'plugins', contestants, baselines: [] }, options));
process.exit(0);

function requestOf({ headers, inTurn }: Entry): Request {
  return get('/200', { headers: { ...headers }, ...(inTurn && { inTurn: { header: inTurn.header, values: inTurn.values() } }) });
}

/** A gateway whose one route has the plugins of an entry. */
function peer({ name, plugins, more = '', service }: Entry): Peer {
  return {
    name,
    async start(own) {
      const beside = await service?.(own.processes);
      const file = join(own.folder, `${name.replace(/\W+/g, '-')}.yaml`);
      writeFileSync(file, `routes: [{ id: r, uri: "/*", upstream_id: up, plugins: { ${plugins(beside?.port ?? 0)} } }]\nupstreams: [{ id: up, nodes: { "127.0.0.1:${own.upstream}": 1 } }]\n${more}\n#END\n`);
      const args = [PROGRAM, 'start', '-c', file, '--listen', '127.0.0.1:0', '--admin', 'off', '--log-format', 'json'];
      return own.processes.serve({ command: process.execPath, args, ready: /serving .* on http:\/\/127\.0\.0\.1:(\d+)/ });
    },
  };
}

/** Prints what each adds, round by round: what slows a round down slows both of its sides. */
function report({ rows, skipped }: Measured): void {
  const samples = (name: string): readonly { readonly cpu: number }[] => rows.find((row) => row.name === name)?.samples ?? [];
  process.stdout.write('| plugin | adds, CPU µs/request | in all |\n|---|---:|---:|\n');
  for (const { name, samples: own } of rows) {
    const base = samples(ENTRIES.find((entry) => entry.name === name)?.over ?? BARE.name);
    const added = own.map(({ cpu }, i) => cpu - (base[i]?.cpu ?? NaN));
    process.stdout.write(`| ${name} | ${name === BARE.name ? '' : median(added).toFixed(1)} | ${median(own.map(({ cpu }) => cpu)).toFixed(1)} |\n`);
  }
  for (const { name, reason } of skipped) process.stdout.write(`\n${name} is left out: ${reason}\n`);
}
