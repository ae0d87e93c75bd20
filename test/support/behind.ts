import assert from 'node:assert/strict';
import { sourceOf } from '../../src/config/source.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Store } from '../../src/state/store.js';
import { startGateway, type Closing, type TestGateway } from './gateway.js';
import { statusOf, type Message } from './message.js';
import { ask, get } from './raw.js';
import { answer, startUpstream, type RawUpstream, type Received, type Script } from './upstream.js';

/** What came of a request, and what the upstream got of it. */
export interface Outcome {
  readonly answer: Message;
  readonly status: number;
  readonly seen: Received | undefined;
}

/** A gateway whose one route `/*`, of the id `all`, has some plugins. */
export interface Behind {
  readonly gateway: TestGateway;
  readonly upstream: RawUpstream;
  /** `headers`: lines, each with its line break. */
  send(path?: string, headers?: string, method?: string, body?: string): Promise<Outcome>;
  /** Swaps to other plugins on the route. */
  edit(plugins: string, more?: string): void;
}

/** Starts a gateway and its upstream. `plugins`: of the route, as a YAML mapping; `more`: further blocks of the file. */
export async function behind(t: Closing, plugins: string, more = '', script: Script = () => answer()): Promise<Behind> {
  const upstream = await startUpstream(t, script);
  const fileOf = (own: string, besides: string): string => `routes: [{id: all, uri: /*, upstream_id: up, service_id: shop, plugins: ${own}}]\nservices: [{id: shop}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]\n${besides}`;
  const gateway = await startGateway(t, fileOf(plugins, more));
  return {
    gateway, upstream,
    edit: (own, besides = more) => gateway.swap(fileOf(own, besides)),
    async send(path = '/', headers = '', method = 'GET', body = '') {
      const before = upstream.requests.length;
      const came = await ask(gateway.port, `${get(path, body === '' ? headers : `${headers}Content-Length: ${Buffer.byteLength(body)}\r\n`, method)}${body}`, 5000);
      assert.ok(came, 'the connection was cut');
      return { answer: came, status: statusOf(came), seen: upstream.requests[before] };
    },
  };
}

/** What is told of a file whose one route has some plugins: severity and message of each. */
export function told(plugins: string, more = ''): string[] {
  const { value: source } = sourceOf('test.yaml', Buffer.from(`routes: [{id: all, uri: /*, plugins: ${plugins}}]\n${more}`));
  assert.ok(source);
  const { value, diagnostics } = createLoader(PLUGINS, {})(source, new Store(), 1);
  value?.table.retire(() => {});
  return diagnostics.map(({ severity, message }: Diagnostic) => `${severity}: ${message}`);
}
