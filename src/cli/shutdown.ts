import net from 'node:net';
import type { Logger } from 'pino';
import type { HttpServer } from './addresses.js';
import { coalesce } from './coalesce.js';
import type { Gateway } from '../proxy/gateway.js';
import type { Hangups } from './hangups.js';

/** What signals act upon. */
export interface Stoppable {
  /** Reads the file now and applies it. */
  reload(): Promise<void>;
  /** Says that no new work is wanted: readiness goes first. */
  stop(): Promise<void>;
  readonly serving: readonly HttpServer[];
  readonly gateway: Pick<Gateway, 'close' | 'cut' | 'tunnels'>;
  readonly admin: readonly HttpServer[];
  inFlight(): number;
  /** Milliseconds that requests in flight are given. */
  grace(): number;
}

/** SIGHUP reloads; SIGTERM and SIGINT drain, a second one forces. */
export function onSignals(log: Logger, target: Stoppable, held?: Hangups): void {
  let stopping = false;
  const reload = coalesce(() => target.reload());
  const hangup = (): void => {
    if (stopping) return;
    log.info('SIGHUP: reading the file now');
    reload().catch((error: unknown) => log.error({ err: error }, 'the file could not be read'));
  };
  process.on('SIGHUP', hangup);
  if (held?.release()) hangup();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) {
        log.warn(`${signal} again: stopping at once`);
        process.exit(1);
      }
      stopping = true;
      void drain(signal, log, target).then(() => process.exit(0));
    });
  }
}

/** What a timer of Node takes; it would fire at once beyond. */
const LONGEST_MS = 2 ** 31 - 1;

/** Takes no new connections, lets requests in flight end within the grace, then closes what is left. */
async function drain(signal: string, log: Logger, target: Stoppable): Promise<void> {
  const grace = target.grace();
  log.info(`${signal}: taking no new requests; ${target.inFlight()} in flight have ${grace / 1000} s`);
  const stopped = target.stop();
  const closed = Promise.all(target.serving.map(stopListening));
  target.gateway.close();
  const timer = setTimeout(() => {
    const { size } = target.gateway.tunnels;
    log.warn(`${target.inFlight()} in flight${size > 0 ? ` and ${size} WebSockets` : ''} did not end within the grace period: their connections are closed`);
    target.gateway.cut();
  }, Math.min(grace, LONGEST_MS));
  await closed;
  clearTimeout(timer);
  target.admin.forEach((server) => server.close());
  await stopped;
  // what was cut is told of as it closes
  await new Promise((resolve) => setImmediate(resolve));
  log.info('stopped');
}

/** Resolves when the last connection is gone. The method of http.Server would cut answers on their way to slow clients. */
function stopListening(server: HttpServer): Promise<void> {
  return new Promise((resolve) => net.Server.prototype.close.call(server, () => resolve()));
}
