/**
 * CPU microseconds per proxied request of this client against node:http's and http-proxy-3, and of a
 * plain node:http server. Everything is pinned to one core (Linux, with taskset and wrk installed):
 *
 *   node dist/bench/http1.js [rounds] [response bytes] [wrk script]
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';

const KINDS = ['hello', 'http1', 'node:http', 'http-proxy-3'];
const [rounds = '5', size = '200', script] = process.argv.slice(2);
const CORE = '0';
// What an ordinary API client sends.
const HEADERS = ['apikey: 0123456789abcdef', 'User-Agent: bench/1.0', 'Accept: */*', 'Accept-Encoding: gzip'].flatMap((header) => ['-H', header]);

interface Reading { readonly cpu: number; readonly user: number; readonly served: number; readonly rss: number }
interface Cost { readonly cpu: number; readonly user: number; readonly rss: number }

async function main(): Promise<void> {
  const upstream = await start('hello', 0);
  const servers = await Promise.all(KINDS.map(async (kind) => ({ kind, ...(await start(kind, upstream.port)) })));
  const results = new Map<string, Cost[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const { kind, child, port } of servers) {
      const cost = await measure(child, port, round === 0 ? 1 : 3);
      // The first round only warms up.
      if (round > 0) results.get(kind)?.push(cost);
    }
  }
  report(results);
  for (const { child } of [upstream, ...servers]) child.send('exit');
}

async function start(kind: string, upstreamPort: number): Promise<{ child: ChildProcess; port: number }> {
  const file = new URL('./http1/serve.js', import.meta.url);
  const profile = process.env['PROFILE'] === kind ? ['--cpu-prof', `--cpu-prof-dir=${process.env['PROFILE_DIR'] ?? '.'}`] : [];
  const child = fork(file, [kind, String(upstreamPort), size], { execArgv: profile });
  spawn('taskset', ['-a', '-p', '-c', CORE, String(child.pid)], { stdio: 'ignore' });
  const [message] = await once(child, 'message');
  return { child, port: message.address.port };
}

async function measure(child: ChildProcess, port: number, seconds: number): Promise<Cost> {
  const before = await read(child);
  const args = ['-c', CORE, 'wrk', '-t1', '-c64', `-d${seconds}s`, ...HEADERS, ...(script ? ['-s', script] : []), `http://127.0.0.1:${port}/`];
  const wrk = spawn('taskset', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  wrk.stdout.on('data', (chunk) => { text += chunk; });
  await once(wrk, 'close');
  if (/Non-2xx|Socket errors/.test(text)) process.stdout.write(text);
  const after = await read(child);
  const served = after.served - before.served;
  return { cpu: (after.cpu - before.cpu) / served, user: (after.user - before.user) / served, rss: after.rss };
}

async function read(child: ChildProcess): Promise<Reading> {
  child.send('read');
  const [message] = await once(child, 'message');
  return message;
}

function report(results: Map<string, Cost[]>): void {
  const cpu = (kind: string): number => median((results.get(kind) ?? []).map((cost) => cost.cpu));
  for (const [kind, costs] of results) {
    const ratios = `${(cpu(kind) / cpu('http-proxy-3')).toFixed(3)} x http-proxy-3, ${(cpu(kind) / cpu('hello')).toFixed(2)} x hello`;
    const user = median(costs.map((cost) => cost.user));
    const rss = Math.round(median(costs.map((cost) => cost.rss)) / 1e6);
    process.stdout.write(`${kind.padEnd(14)} ${cpu(kind).toFixed(1).padStart(6)} us/request (user ${user.toFixed(1)})  ${ratios}, RSS ${rss} MB\n`);
  }
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

await main();
