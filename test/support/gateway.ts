import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import type { Plugin } from '../../src/plugins/plugin.js';
import { Gateway, type GatewayEvent } from '../../src/proxy/gateway.js';
import { createServer } from '../../src/proxy/server.js';
import type { TellUpstream, UpstreamEvent } from '../../src/upstream/events.js';
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
  /** What its upstreams told. */
  readonly upstreamEvents: readonly UpstreamEvent[];
  /** What plugins told. */
  readonly told: readonly string[];
  /** What the access log would say of upstreams that failed. */
  readonly faults: readonly string[];
  /** Bugs that the test provokes; none, unless it says so. */
  expectedErrors: number;
  /** Swaps to another configuration. */
  swap(yaml: string): void;
}

/** Made once: to compile the schema takes longer than most tests. */
const STOCK = createLoader(PLUGINS, {}, { tell: (event) => LISTENING.forEach((listener) => listener(event)), tellOfPlugin: ({ message }) => HEARING.forEach((hear) => hear(message)) });
const HEARING = new Set<(message: string) => void>();
const LISTENING = new Set<TellUpstream>();

/** Starts a gateway on a configuration. It closes after the test, and then must have met no bug of its own. */
export async function startGateway(scope: Closing, yaml: string, plugins: readonly Plugin[] = PLUGINS): Promise<TestGateway> {
  const store = new Store();
  const loader = plugins === PLUGINS ? STOCK : createLoader(plugins, {});
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
  const upstreamEvents: UpstreamEvent[] = [];
  const listener: TellUpstream = (event) => void upstreamEvents.push(event);
  LISTENING.add(listener);
  const told: string[] = [];
  const hear = (message: string): void => void told.push(message);
  HEARING.add(hear);
  const gateway = new Gateway(load(yaml), (event) => events.push(event), (req, res) => {
    res.once('close', () => void (req.exchange?.fault !== undefined && faults.push(req.exchange.fault)));
  });
  const server = createServer(gateway).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const testGateway: TestGateway = { port: (server.address() as AddressInfo).port, gateway, events, upstreamEvents, told, faults, expectedErrors: 0, swap: (text) => gateway.swap(load(text)) };
  scope.after(() => {
    LISTENING.delete(listener);
    HEARING.delete(hear);
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
