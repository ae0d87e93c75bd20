import type { Logger } from 'pino';
import type { HttpServer } from './addresses.js';

/** What signals act upon. */
export interface Stoppable {
  /** Reads the file now and applies it. */
  reload(): Promise<void>;
  /** Says that no new work is wanted: readiness goes first. */
  stop(): Promise<void>;
  readonly serving: readonly HttpServer[];
  readonly admin: readonly HttpServer[];
  inFlight(): number;
  /** Milliseconds that requests in flight are given. */
  grace(): number;
}

/** SIGHUP reloads; SIGTERM and SIGINT drain, a second one forces. */
export function onSignals(log: Logger, target: Stoppable): void {
  process.on('SIGHUP', () => {
    log.info('SIGHUP: reading the file now');
    target.reload().catch((error: unknown) => log.error({ err: error }, 'the file could not be read'));
  });
  let stopping = false;
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

const POLL_MS = 50;

/** Takes no new connections, lets requests in flight end within the grace, then closes what is left. */
async function drain(signal: string, log: Logger, target: Stoppable): Promise<void> {
  const grace = target.grace();
  log.info(`${signal}: taking no new requests; ${target.inFlight()} in flight have ${grace / 1000} s`);
  const stopped = target.stop();
  const closed = Promise.all(target.serving.map((server) => new Promise((resolve) => server.close(resolve))));
  // a kept-alive connection becomes idle when its request ends, and must not hold the process
  const idle = setInterval(() => target.serving.forEach((server) => server.closeIdleConnections()), POLL_MS);
  const timer = setTimeout(() => {
    log.warn(`${target.inFlight()} requests did not end within the grace period: their connections are closed`);
    target.serving.forEach((server) => server.closeAllConnections());
  }, grace);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
  target.admin.forEach((server) => server.close());
  await stopped;
  log.info('stopped');
}
