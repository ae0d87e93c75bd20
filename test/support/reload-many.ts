import type { AddressInfo } from 'node:net';
import { ask } from './client.js';
import { startInProcess } from './in-process.js';

/** What many reloads left behind, after half of them and after all. */
export interface Measured {
  readonly heap: readonly number[];
  readonly resources: readonly (readonly string[])[];
  readonly retired: number;
  readonly inFlight: number;
  /** Tables that the garbage collector has not taken. */
  readonly tables: number;
}

/** How many reloads, of how many routes: `reload-many.js RELOADS ROUTES`. */
const [RELOADS = 0, ROUTES = 0] = process.argv.slice(2).map(Number);

const version = (n: number): string => `
consumers: [{username: tom, plugins: {key-auth: {key: key-${n}}}}]
upstreams: [{id: up, nodes: {"127.0.0.1:${10_000 + n}": 1}}]
routes:
${Array.from({ length: ROUTES }, (_, i) => `  - {id: r${i}, uri: /r${i}/*, desc: "${n}", upstream_id: up, plugins: {key-auth: {}}}\n`).join('')}
`;

const { gateway, server, reload, events, close } = await startInProcess(version(0));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/r1/x`;
const heap: number[] = [];
const resources: string[][] = [];
const tables: WeakRef<object>[] = [];

for (let n = 1; n <= RELOADS; n++) {
  reload(version(n));
  const { status } = await ask(url);
  if (status !== 401) throw new Error(`status ${status}`);
  events.length = 0;
  tables.push(new WeakRef(gateway.table));
  if (n === RELOADS / 2 || n === RELOADS) await measure();
}
const measured: Measured = { heap, resources, retired: gateway.retired, inFlight: gateway.inFlight().length, tables: tables.filter((table) => table.deref()).length };
process.stdout.write(JSON.stringify(measured));
await close();

async function measure(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    globalThis.gc?.();
  }
  heap.push(process.memoryUsage().heapUsed);
  resources.push(process.getActiveResourcesInfo().toSorted());
}
