import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { createAdminServer } from '../admin/server.js';
import { readSource, sourceOf } from '../config/source.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createLoader, type Loaded, type Loader } from '../load.js';
import { PLUGINS } from '../plugins/index.js';
import { Gateway } from '../proxy/gateway.js';
import { createServer } from '../proxy/server.js';
import { Reloader } from '../reload.js';
import { Store } from '../state/store.js';
import { watchFile, type Watch, type WatchEvent } from '../watch.js';
import { accessLog } from './access-log.js';
import { openAll, type Opened } from './addresses.js';
import { logDiagnostics, logEvents } from './events.js';
import { createLog, type LogFormat } from './log.js';
import { adminPlaces, servingPlaces } from './places.js';
import { onSignals } from './shutdown.js';
import { statusOf } from './status.js';

/** The options of `gateway start`. */
export interface StartOptions {
  readonly config: string;
  /** Replaces `gateway.listen`. */
  readonly listen?: readonly string[];
  /** Replaces `gateway.admin`; `off` for none. */
  readonly admin?: string;
  readonly watch: boolean;
  /** Milliseconds between two looks at the file, besides its events. */
  readonly poll?: number;
  readonly logFormat?: LogFormat;
  readonly logLevel: string;
}

/** Starts the gateway: resolves to the URLs that it serves, or to undefined when it cannot, which was told. No port is open then. */
export async function start(options: StartOptions): Promise<readonly string[] | undefined> {
  const log = createLog(options.logFormat, options.logLevel);
  const store = new Store();
  const loader = createLoader(PLUGINS, process.env);
  const first = await loadFirst(options.config, loader, store, log);
  if (!first) return undefined;

  const say = logEvents(log, options.config);
  const gateway = new Gateway(first.loaded.table, say.gateway, (x) => {
    if (reloader.running.config.gateway.access_log) accessLog(log, x);
  });
  const context = { file: options.config, loader, store, gateway, plugins: PLUGINS, notify: say.reload };
  const reloader = new Reloader(context, first.loaded, first.diagnostics, first.milliseconds);
  const running: Running = { options, log, gateway, reloader, watch: undefined, ready: false };
  const servers = await openServers(running);
  if (!servers) return undefined;

  if (options.watch) running.watch = startWatch(running, first.content, say.watch);
  running.ready = true;
  handleSignals(running, servers);
  return announce(running, servers);
}

interface Running {
  readonly options: StartOptions;
  readonly log: Logger;
  readonly gateway: Gateway;
  readonly reloader: Reloader;
  watch: Watch | undefined;
  ready: boolean;
}

interface Servers {
  readonly serving: readonly Opened[];
  readonly admin: readonly Opened[];
}

interface First {
  readonly loaded: Loaded;
  readonly diagnostics: readonly Diagnostic[];
  readonly content: Buffer;
  readonly milliseconds: number;
}

async function loadFirst(file: string, loader: Loader, store: Store, log: Logger): Promise<First | undefined> {
  const started = performance.now();
  const content = await readFile(file).catch(() => undefined);
  // a file that cannot be read is read once more by the one who words why
  const source = content ? sourceOf(file, content) : await readSource(file);
  const { value: loaded, diagnostics } = source.value ? loader(source.value, store, 1) : { diagnostics: source.diagnostics };
  logDiagnostics(log, diagnostics);
  if (loaded && content) return { loaded, diagnostics, content, milliseconds: performance.now() - started };
  log.error(`${file} is refused: nothing is started`);
  return undefined;
}

async function openServers(running: Running): Promise<Servers | undefined> {
  const { options, log, gateway, reloader } = running;
  const { gateway: block } = reloader.running.config;
  const serving = await openAll(servingPlaces(options, block), () => createServer(gateway), log);
  const admin = serving && await openAll(adminPlaces(options, block), () => createAdminServer({
    status: () => statusOf(options.config, reloader, gateway, running.watch),
    ready: () => running.ready,
  }), log);
  if (serving && admin) return { serving, admin };
  for (const { server } of serving ?? []) server.close();
  return undefined;
}

function startWatch({ options, reloader }: Running, first: Buffer, tell: (event: WatchEvent) => void): Watch {
  return watchFile({
    file: options.config, first, ...(options.poll !== undefined && { poll: options.poll }),
    onContent: (content) => reloader.apply(content),
    onEvent: (event) => {
      tell(event);
      if (event.kind === 'vanished' || event.kind === 'unreadable') reloader.stale('absent', true);
      if (event.kind === 'returned') reloader.stale('absent', false);
      if (event.kind === 'waiting') reloader.stale('unfinished', true);
      if (event.kind === 'unchanged') reloader.stale('unfinished', false);
    },
  });
}

function handleSignals(running: Running, { serving, admin }: Servers): void {
  const { options, log, reloader } = running;
  onSignals(log, {
    reload: async () => (running.watch ? running.watch.force() : reloader.apply(await readFile(options.config))),
    stop: async () => {
      running.ready = false;
      reloader.close();
      await running.watch?.close();
    },
    serving: serving.map(({ server }) => server),
    inFlight: () => running.gateway.inFlight().reduce((sum, { requests }) => sum + requests, 0),
    grace: () => reloader.running.config.gateway.drain_timeout * 1000,
    admin: admin.map(({ server }) => server),
  });
}

function announce({ options, log, watch }: Running, { serving, admin }: Servers): readonly string[] {
  const urls = serving.map(({ url }) => url);
  const status = admin.map(({ url }) => `; status on ${url}/status`).join('');
  log.info(`serving ${options.config} on ${urls.join(', ')}${status}${watch ? '; every save of the file takes effect' : ''}`);
  return urls;
}
