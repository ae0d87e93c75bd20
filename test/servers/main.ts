import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../bench/machine.js';
import { Processes } from '../../bench/processes.js';
import { apache, apacheProxy } from './apache.js';
import { BULK_ROUTES, download, FarSide, type Transfer, upload, writeBig } from './bulk.js';
import { type Front, startFront } from './gateway.js';
import { haproxy } from './haproxy.js';
import type { Kind, Running } from './kinds.js';
import { lighttpd, lighttpdProxy } from './lighttpd.js';
import { nginx, nginxProxy } from './nginx.js';
import { node, startNode } from './node.js';
import type { Outcome } from './outcome.js';
import { PATH_ROUTES, wander } from './paths.js';
import { reportRun, type Row } from './report.js';
import { attack, ROUTES } from './smuggling.js';

const KINDS: readonly Kind[] = [node, nginx, nginxProxy, ...apache, apacheProxy, haproxy, lighttpd, lighttpdProxy];
/** Milliseconds that one part may take with one server. */
const PART = 90_000;

const processes = new Processes(undefined);
const root = await mkdtemp(join(tmpdir(), 'gateway-servers-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => {
  processes.kill();
  rmSync(root, { recursive: true, force: true });
});
process.exit(await run());

/** Does all of it; resolves to the exit code. */
async function run(): Promise<number> {
  // servers which are started by root give their rights up, and still read their files
  await chmod(root, 0o755);
  const rows: Row[] = [];
  for (const kind of KINDS) {
    if (kind.program !== undefined && findProgram(kind.program) === undefined) {
      console.log(`SKIPPED: ${kind.name}: ${kind.program} is not installed`);
      rows.push({ part: 'all', server: kind.name, skipped: true, cases: 0, forwarded: 0, findings: [] });
      continue;
    }
    rows.push(await part('smuggling', kind, ROUTES, (front, server, backend) => attack(front, server, kind.proxies ? backend : undefined, performance.now() + PART)));
    rows.push(await part('paths', kind, PATH_ROUTES, (front, server) => wander(front, server, performance.now() + PART)));
  }
  const transfers = [...await bulk(node), ...(findProgram('nginx') === undefined ? [] : await bulk(nginx))];
  return reportRun(rows, transfers);
}

/** One part against one server, both fresh. */
async function part(name: string, kind: Kind, routes: readonly string[], act: (front: Front, server: Running, backend: Running) => Promise<Outcome>): Promise<Row> {
  const start = performance.now();
  const backend = await startNode();
  const outcome = await between(kind, backend, routes, (front, server) => act(front, server, backend)).catch((error: unknown) => ({ cases: 0, forwarded: 0, findings: [String(error)] }));
  await backend.stop();
  console.log(`${name}, ${kind.name}: ${outcome.cases} cases, ${outcome.findings.length} findings, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return { part: name, server: kind.name, skipped: false, ...outcome };
}

/** Starts a server with the gateway before it, and ends both. */
async function between<T>(kind: Kind, backend: Running, routes: readonly string[], act: (front: Front, server: Running) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root, 'run-'));
  await chmod(folder, 0o755);
  const docs = join(folder, 'docs');
  for (const place of ['admin', 'public']) await mkdir(join(docs, place), { recursive: true });
  await writeFile(join(docs, 'admin/secret'), 'SECRET');
  await writeFile(join(docs, 'public/a'), 'open');
  await writeBig(docs);
  const server = await kind.start({ processes, folder, docs, backend: backend.port });
  try {
    const front = await startFront(folder, routes, server.port);
    const done = await act(front, server).finally(() => front.kill());
    front.check();
    return done;
  } finally {
    await server.stop();
  }
}

/** 500 MB down and up, at once, each through a gateway of its own. */
async function bulk(kind: Kind): Promise<Transfer[]> {
  const fars = [new FarSide(), new FarSide()] as const;
  const [down, up] = await Promise.all(fars.map((far) => startNode(far.serve)));
  if (!down || !up) return [];
  const run = (backend: Running, act: (front: Front, server: Running) => Promise<Transfer>): Promise<Transfer> => between(kind === node ? behind(backend) : kind, backend, BULK_ROUTES, act);
  const deadline = performance.now() + PART;
  const done = await Promise.all([
    run(down, async (front, server) => download(`${kind.name}, down`, front, fars[0], kind === node ? undefined : server.pid, deadline)),
    run(up, (front) => upload(`${kind.name}, up`, front, fars[1], deadline)),
  ]);
  await Promise.all([down.stop(), up.stop()]);
  return done;
}

/** The far side itself as the server. */
function behind(backend: Running): Kind {
  return { ...node, start: async () => ({ ...backend, stop: async () => [] }) };
}
