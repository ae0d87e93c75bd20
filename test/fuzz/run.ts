import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startGateway, workspace, type Running } from '../support/cli.js';
import { ask } from '../support/raw.js';
import { cleanConnection, spoiltConnection, type Target } from './clients.js';
import { Findings } from './findings.js';
import { honestUpstream, spoilingUpstream } from './upstream.js';

/** How much is tried. */
export interface FuzzOptions {
  readonly requests: number;
  readonly responses: number;
  readonly seed: number;
  /** Milliseconds that each half may take. */
  readonly within: number;
  readonly note?: (text: string) => void;
}

/** What came of it. */
export interface FuzzResult extends Findings {
  /** MB of memory that the gateway held after a warm-up (0: too little was tried to tell) and at the end of each half. */
  readonly memory: readonly { readonly warm: number; readonly end: number }[];
}

const WORKERS = 96;
/** So much is tried before memory is judged: until then the heap grows to its working size. */
const WARM_UP = 100_000;

/** Runs the gateway's own command as a child, and tries spoilt requests, then spoilt responses, on it. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const findings = new Findings();
  const honest = await honestUpstream(findings);
  const spoiling = await spoilingUpstream(findings, options.seed);
  const space = await workspace();
  const memory: { warm: number; end: number }[] = [];
  try {
    await writeFile(space.path('config.yaml'), configuration(honest.port, spoiling.port));
    const gateway = await startGateway(space.path('config.yaml'));
    try {
      const [first = 0, second = 0] = gateway.urls.map((url) => Number(new URL(url).port));
      const half = (target: number, goal: number, count: () => number, work: (target: Target, number: number, more: () => boolean) => Promise<void>) =>
        drive({ gateway, findings, options, probe: first }, { port: target, seed: options.seed, findings }, goal, count, work);
      if (options.requests > 0) memory.push(await half(first, options.requests, () => findings.requests, spoiltConnection));
      if (options.responses > 0) memory.push(await half(second, options.responses, () => findings.responses, cleanConnection));
      await settle(gateway, findings);
    } finally {
      await gateway.kill();
    }
  } finally {
    honest.close();
    spoiling.close();
    await space.remove();
  }
  return Object.assign(findings, { memory });
}

/** Each half has an address of its own; which route is taken depends on the Host only for the spoiling one. */
function configuration(honest: number, spoiling: number): string {
  return `gateway:
  listen: [127.0.0.1:0, 127.0.0.1:0]
  client_timeouts: {header: 1, body: 1, idle: 2, write: 5}
consumers: [{username: fuzz, plugins: {key-auth: {key: fuzz-key}}}]
routes:
  - {id: keyed, uri: /k/*, upstream_id: honest, plugins: {key-auth: {hide_credentials: true}}}
  - {id: spoilt, uri: /, host: f, upstream_id: spoiling}
  - {id: open, uri: /*, upstream_id: honest}
upstreams:
  - {id: honest, nodes: {127.0.0.1:${honest}: 1}, timeout: {connect: 10, send: 10, read: 10}}
  - {id: spoiling, nodes: {127.0.0.1:${spoiling}: 1}, timeout: {connect: 2, send: 2, read: 0.5}}
#END
`;
}

interface Scene {
  readonly gateway: Running;
  readonly findings: Findings;
  readonly options: FuzzOptions;
  readonly probe: number;
}

async function drive(scene: Scene, target: Target, goal: number, count: () => number, work: (target: Target, number: number, more: () => boolean) => Promise<void>): Promise<{ warm: number; end: number }> {
  const { gateway, options } = scene;
  const deadline = performance.now() + options.within;
  const begun = count();
  const more = (): boolean => count() - begun < goal && performance.now() < deadline && gateway.program.child.exitCode === null;
  const memory = { warm: 0, end: 0 };
  const warmUp = Math.max(WARM_UP, goal / 4);
  const look = setInterval(() => {
    const megabytes = residentMegabytes(gateway);
    if (count() - begun < warmUp) memory.warm = Math.max(memory.warm, megabytes);
    memory.end = megabytes;
    void probe(scene);
    options.note?.(`${count() - begun} of ${goal}, ${megabytes} MB, ${scene.findings.failures.length} failures`);
  }, 1000);
  let next = 0;
  const worker = async (): Promise<void> => { while (more()) await work(target, next++, more); };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  clearInterval(look);
  await probe(scene);
  return count() - begun < 2 * warmUp ? { ...memory, warm: 0 } : memory;
}

/** Whether an honest request is served as ever. */
async function probe({ findings, probe: port }: Scene): Promise<void> {
  const began = performance.now();
  const message = await ask(port, 'GET /alive HTTP/1.1\r\nHost: probe\r\n\r\n', 15_000).catch(() => undefined);
  findings.probes.push(performance.now() - began);
  if (message?.body !== 'ok') findings.fail('a probe was not answered', message?.start ?? '');
}

/** After a moment nothing may be in flight, and no bug may have been met. */
async function settle(gateway: Running, findings: Findings): Promise<void> {
  const { exitCode, signalCode } = gateway.program.child;
  if (exitCode !== null || signalCode !== null) return findings.fail(`the gateway ended (${exitCode ?? signalCode})`, gateway.program.stderr.slice(-3000));
  await new Promise((resolve) => void setTimeout(resolve, 3000));
  const { errors, in_flight } = await gateway.status();
  if (errors > 0) findings.fail(`the gateway met ${errors} bugs`, gateway.program.stderr.slice(-3000));
  const left = in_flight.reduce((sum, { requests }) => sum + requests, 0);
  if (left > 0) findings.fail(`${left} requests stay in flight`, '');
}

function residentMegabytes({ program: { child } }: Running): number {
  try {
    return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    // not on this system, or it has ended
    return 0;
  }
}
