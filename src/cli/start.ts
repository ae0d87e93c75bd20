import type { Logger } from 'pino';
import { createAdminServer } from '../admin/server.js';
import { upstreamsStatus } from '../admin/upstreams.js';
import { Aside } from '../aside/aside.js';
import type { Surroundings } from '../compile/surroundings.js';
import { ReferencedFiles } from '../config/files.js';
import { createPath } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import type { Job } from '../aside/verdict.js';
import type { Gate } from '../cases/gate.js';
import { PLUGINS } from '../plugins/index.js';
import { Gateway } from '../proxy/gateway.js';
import { createServer } from '../proxy/server.js';
import { isLarge, Reloader } from '../reload.js';
import type { GatewayConfig } from '../schema/gateway.js';
import { Store } from '../state/store.js';
import { accessLog } from './access-log.js';
import { openAll, type Opened } from './addresses.js';
import { boundClients } from './descriptors.js';
import { logEvents } from './events.js';
import { loadFirst, type Prepare } from './first.js';
import { follow, type Following } from './follow.js';
import { gated, passesFirst } from './gated.js';
import { http2Doubt } from './http2-doubt.js';
import { createLog, type LogFormat } from './log.js';
import { adminPlaces, movedPlaces, servingPlaces } from './places.js';
import type { Hangups } from './hangups.js';
import { onSignals } from './shutdown.js';
import { statusOf } from './status.js';

/** The options of `gateway start`. */
export interface StartOptions {
  readonly config: string;
  /** Replaces `gateway.listen`. */
  readonly listen?: readonly string[];
  /** Replaces `gateway.admin`; `off` for none. */
  readonly admin?: string;
  /** Files of cases: what they fail on is not applied. */
  readonly test?: readonly string[];
  readonly watch: boolean;
  /** Milliseconds between two looks at the file, besides its events. */
  readonly poll?: number;
  readonly logFormat?: LogFormat;
  readonly logLevel: string;
}

/**
 * Starts the gateway: resolves to the URLs that it serves, or to undefined when it cannot, which was told. No port is
 * open then.
 */
export async function start(options: StartOptions, held?: Hangups): Promise<readonly string[] | undefined> {
  const log = await createLog(options.logFormat, options.logLevel);
  const store = new Store();
  const files = new ReferencedFiles();
  const surroundings: Partial<Surroundings> = { files, tell: (event) => say.upstream(event), tellOfPlugin: (event) => say.plugin(event) };
  const { load: loader, assemble } = createPath(PLUGINS, process.env, surroundings);
  const prepare = preparation(files);
  const first = await loadFirst(options.config, prepare, loader, store, log);
  if (!first) return undefined;
  const gate = options.test && await gateOf(options.test);
  if (gate && !await passesFirst(options.config, first.content, gate, log)) return undefined;

  const say = logEvents(log, options.config, first.diagnostics, (now) => movedPlaces(options, first.loaded.config.gateway, now));
  const gateway = new Gateway(first.loaded.table, say.gateway, (req, res) => {
    if (reloader.running.config.gateway.access_log) accessLog(log, req, res);
  });
  const aside = new Aside(process.env);
  const elsewhere = { judge: (job: Job) => aside.judge(job), assemble, first: first.content };
  const context = { file: options.config, loader, store, gateway, prepare, notify: say.reload, elsewhere };
  const reloader = new Reloader(context, first.loaded, first.diagnostics, first.milliseconds, first.modules);
  const running: Running = { options, log, gateway, reloader, opened: first.loaded.config.gateway, following: undefined, ready: false };
  const servers = await openServers(running);
  if (!servers) return undefined;

  boundClients(servers.serving.map(({ server }) => server), log);
  const doubt = http2Doubt(servingPlaces(options, running.opened));
  if (doubt !== undefined) log.warn(doubt);
  const onContent = gate ? gated(options.config, gate, reloader) : (content: Buffer): void => reloader.apply(content);
  running.following = follow({ ...options, onContent }, first, files, reloader, say.watch);
  running.ready = true;
  surviveBugs(gateway);
  handleSignals(running, servers, held);
  if (isLarge(first.content)) aside.keepReady();
  return announce(running, servers);
}

/** Loads the modules of a source, and takes note of them: one that keeps a file from being applied may be mended. */
function preparation(files: ReferencedFiles): Prepare {
  return async (source, listed) => {
    const prepared = await withModules(source, process.env, listed);
    if (prepared.modules) files.note(prepared.modules);
    return prepared;
  };
}

/** Loaded only when it is wanted: it brings a sample upstream and a second gateway along. */
async function gateOf(requests: readonly string[]): Promise<Gate> {
  const { createGate } = await import('../cases/gate.js');
  return createGate(requests, PLUGINS, process.env);
}

/** What nothing caught is a bug of ours: it is told of and counted, and those whom it does not concern are served on. */
function surviveBugs(gateway: Gateway): void {
  process.on('uncaughtException', (error) => gateway.report(error));
  process.on('unhandledRejection', (error) => gateway.report(error));
}

interface Running {
  readonly options: StartOptions;
  readonly log: Logger;
  readonly gateway: Gateway;
  readonly reloader: Reloader;
  /** What the file said when the listeners were opened. */
  readonly opened: GatewayConfig;
  following: Following | undefined;
  ready: boolean;
}

interface Servers {
  readonly serving: readonly Opened[];
  readonly admin: readonly Opened[];
}

async function openServers(running: Running): Promise<Servers | undefined> {
  const { options, log, gateway, reloader, opened: block } = running;
  const serving = await openAll(servingPlaces(options, block), (place) => createServer(gateway, place), log);
  const admin = serving && await openAll(adminPlaces(options, block), () => createAdminServer({
    status: () => statusOf({ file: options.config, reloader, gateway, following: running.following, moved: movedPlaces(options, block, reloader.running.config.gateway) }),
    upstreams: () => upstreamsStatus(gateway.table.upstreams),
    ready: () => running.ready,
  }), log);
  if (serving && admin) return { serving, admin };
  for (const { server } of serving ?? []) server.close();
  return undefined;
}

function handleSignals(running: Running, { serving, admin }: Servers, held: Hangups | undefined): void {
  const { log, reloader, gateway } = running;
  onSignals(log, {
    reload: async () => {
      const { last } = reloader;
      await running.following?.force();
      await reloader.settled();
      // whoever asked for it is answered, also when there was nothing to apply and that is no news
      if (reloader.last === last) reloader.remind();
    },
    stop: async () => {
      running.ready = false;
      reloader.close();
      await running.following?.close();
    },
    serving: serving.map(({ server }) => server),
    gateway,
    inFlight: () => gateway.inFlight().reduce((sum, { requests }) => sum + requests, 0),
    grace: () => reloader.running.config.gateway.drain_timeout * 1000,
    admin: admin.map(({ server }) => server),
  }, held);
}

function announce({ options, log }: Running, { serving, admin }: Servers): readonly string[] {
  const urls = serving.map(({ url }) => url);
  const [status] = admin.map(({ url }) => url);
  const how = options.watch ? 'every save of the file takes effect' : 'SIGHUP applies the file';
  log.info({ urls, admin: status }, `serving ${options.config} on ${urls.join(', ')}${status === undefined ? '' : `; status on ${status}/status`}; ${how}`);
  return urls;
}
