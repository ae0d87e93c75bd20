import { once } from 'node:events';
import type { Server } from 'node:http';
import { sourceOf } from '../../src/config/source.js';
import { createLoader, type Loaded } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Gateway, type GatewayEvent } from '../../src/proxy/gateway.js';
import { createServer } from '../../src/proxy/server.js';
import { Reloader, type ReloadContext, type ReloadEvent } from '../../src/reload.js';
import { Store } from '../../src/state/store.js';

/** A gateway within the test's process, on a free port, without a file to watch. */
export interface InProcess {
  readonly gateway: Gateway;
  readonly server: Server;
  readonly reloader: Reloader;
  /** What it was started on. */
  readonly first: Loaded;
  readonly events: (ReloadEvent | GatewayEvent)[];
  /** Applies a text; fails when it is refused. */
  reload(text: string): void;
  close(): Promise<void>;
}

/** Starts a gateway from a text. */
export async function startInProcess(text: string, remind?: number, extra: Partial<ReloadContext> = {}): Promise<InProcess> {
  const store = new Store();
  const loader = createLoader(PLUGINS, {});
  const source = sourceOf('test.yaml', Buffer.from(text)).value;
  const first = source && loader(source, store, 1);
  if (!first?.value) throw new Error(`refused: ${JSON.stringify(first?.diagnostics)}`);
  const events: (ReloadEvent | GatewayEvent)[] = [];
  const gateway = new Gateway(first.value.table, (event) => events.push(event));
  const context = { file: 'test.yaml', loader, store, gateway, notify: (event: ReloadEvent) => void events.push(event), ...(remind !== undefined && { remind }), ...extra };
  const reloader = new Reloader(context, first.value, [], 0);
  const server = createServer(gateway);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    gateway, server, reloader, events, first: first.value,
    reload(next) {
      reloader.apply(Buffer.from(next));
      if (reloader.last.outcome !== 'applied') throw new Error(JSON.stringify(reloader.last.diagnostics));
    },
    async close() {
      reloader.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      gateway.table.retire(() => {});
    },
  };
}
