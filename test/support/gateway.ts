import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { RuntimeEvent } from '../../src/compile/surroundings.js';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import type { Plugin } from '../../src/plugins/plugin.js';
import { Gateway, type GatewayEvent } from '../../src/proxy/gateway.js';
import { createServer } from '../../src/proxy/server.js';
import { Store } from '../../src/state/store.js';

/** What a resource is closed with: a test's context, or that of a suite. */
export interface Closing {
  after(close: () => unknown): void;
}

/** The closing of a suite's resources; to be called in its body. What is opened last is closed first. */
export function closing(): Closing {
  const open: (() => unknown)[] = [];
  after(async () => {
    for (const close of open.reverse()) await close();
  });
  return { after: (close) => open.push(close) };
}

/** A gateway that listens on a port of its own in this process. */
export interface TestGateway {
  readonly port: number;
  readonly gateway: Gateway;
  readonly events: readonly GatewayEvent[];
  /** What its upstreams and plugins told. */
  readonly told: readonly RuntimeEvent[];
  /** What the access log would say of upstreams that failed. */
  readonly faults: readonly string[];
  /** Bugs that the test provokes; none, unless it says so. */
  expectedErrors: number;
  /** Swaps to another configuration. */
  swap(yaml: string): void;
}

/** Made once: to compile the schema takes longer than most tests. */
const LISTENING = new Set<(event: RuntimeEvent) => void>();
const tell = (event: RuntimeEvent): void => LISTENING.forEach((listener) => listener(event));
const STOCK = createLoader(PLUGINS, {}, { tell });

/** Starts a gateway on a configuration. It closes after the test, and then must have met no bug of its own. */
export async function startGateway(scope: Closing, yaml: string, plugins: readonly Plugin[] = PLUGINS): Promise<TestGateway> {
  const store = new Store();
  const loader = plugins === PLUGINS ? STOCK : createLoader(plugins, {}, { tell });
  let generation = 0;
  const load = (text: string) => {
    const { value: source } = sourceOf('test.yaml', Buffer.from(`${text}\n#END\n`));
    assert.ok(source);
    const { value, diagnostics } = loader(source, store, ++generation);
    assert.ok(value, diagnostics.map((d) => d.message).join('\n'));
    return value.table;
  };
  const events: GatewayEvent[] = [];
  const faults: string[] = [];
  const told: RuntimeEvent[] = [];
  const listener = (event: RuntimeEvent): void => void told.push(event);
  LISTENING.add(listener);
  const gateway = new Gateway(load(yaml), (event) => events.push(event), (req, res) => {
    res.once('close', () => void (req.exchange?.fault !== undefined && faults.push(req.exchange.fault)));
  });
  const server = createServer(gateway).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const testGateway: TestGateway = { port: (server.address() as AddressInfo).port, gateway, events, told, faults, expectedErrors: 0, swap: (text) => gateway.swap(load(text)) };
  scope.after(() => {
    LISTENING.delete(listener);
    server.closeAllConnections();
    server.close();
    // an empty table closes the pools of the last one
    gateway.swap(load('routes: []'));
    assert.deepEqual(events.filter((e) => e.type === 'error').slice(testGateway.expectedErrors), []);
  });
  return testGateway;
}

/** A configuration of one open route that takes every path to one node. */
export function openTo(port: number, more = ''): string {
  return `routes: [{id: all, uri: /*, upstream_id: up}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${port}": 1}${more && `, ${more}`}}]`;
}
