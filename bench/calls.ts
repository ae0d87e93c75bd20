/** `npm run bench:calls`: what the code of each plugin takes of a request that it lets pass, called by itself. See bench/README.md. */
import http from 'node:http';
import { PLUGINS } from '../src/plugins/index.js';
import type { Handlers, Plugin, ResponseHead } from '../src/plugins/plugin.js';
import type { Exchange } from '../src/proxy/exchange.js';
import { startUpstream } from '../test/support/counting-upstream.js';
import { startGateway } from '../test/support/gateway.js';
import { ENTRIES, type Entry } from './plugins/entries.js';
import { get } from './request.js';
import { median } from './summary.js';

const CALLS = 100_000;
const ROUNDS = 7;

const close: (() => unknown)[] = [];
const scope = { after: (end: () => unknown): void => void close.push(end) };
const upstream = await startUpstream('up');
process.stdout.write('| plugin | CPU µs per request, by itself |\n|---|---:|\n');
for (const entry of ENTRIES.filter(({ service }) => service === undefined)) process.stdout.write(`| ${entry.name} | ${(await costOf(entry)).toFixed(2)} |\n`);
for (const end of close.reverse()) await end();
process.exit(0);

/** Sends one request through a gateway of this process, and calls what it met over and over with it; not the plugin that an entry stands on. */
async function costOf({ plugins, over, more = '', headers, inTurn }: Entry): Promise<number> {
  const met: Handlers[] = [];
  let seen: Exchange | undefined;
  const watched = PLUGINS.map((plugin): Plugin => ({
    ...plugin,
    compile(options, binding) {
      const handlers = plugin.compile(options, binding);
      if (plugin.name !== over) met.push(handlers);
      const see = (x: unknown): void => void (seen = x as Exchange);
      return { ...handlers, log: (x) => (see(x), handlers.log?.(x)) };
    },
  }));
  const yaml = `routes: [{ id: r, uri: "/*", upstream_id: up, plugins: { ${plugins(0)} } }]\nupstreams: [{ id: up, nodes: { "127.0.0.1:${upstream.port}": 1 } }]\n${more}`;
  const { port } = await startGateway(scope, yaml, watched);
  const values = inTurn?.values() ?? [];
  await ask(port, { ...get('/').headers, ...headers, ...(inTurn && { [inTurn.header]: values[0] ?? '' }) });
  if (!seen) throw new Error('no plugin has seen the request');
  return time(met, seen, values);
}

async function ask(port: number, headers: Readonly<Record<string, string>>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', headers, agent: false }, (response) => {
      response.resume().once('end', () => (response.statusCode === 200 ? setImmediate(resolve) : reject(new Error(`it answers ${response.statusCode}`))));
    }).once('error', reject);
  });
}

/** The median over some rounds, after one that only warms up. */
function time(met: readonly Handlers[], x: Exchange, values: readonly string[]): number {
  const at = x.req.rawHeaders.findIndex((name) => name.toLowerCase() === 'authorization') + 1;
  const costs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < CALLS; i++) {
      if (values.length > 0) x.req.rawHeaders[at] = values[i % values.length] ?? '';
      call(met, x);
    }
    const { user, system } = process.cpuUsage(before);
    if (round > 0) costs.push((user + system) / CALLS);
  }
  return median(costs);
}

function call(met: readonly Handlers[], x: Exchange): void {
  Object.assign(x, { added: undefined, removed: undefined, responseAdded: undefined });
  const head: ResponseHead = { status: 200, headers: ['Content-Type', 'text/plain'] };
  for (const handlers of met) if (handlers.rewrite?.(x) !== undefined) throw new Error('it answers the request');
  for (const handlers of met) if (handlers.access?.(x) !== undefined) throw new Error('it answers the request');
  for (const handlers of met) handlers.headerFilter?.(x, head);
  for (const handlers of met) handlers.log?.(x);
}
