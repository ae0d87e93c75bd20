import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { HttpServer } from './addresses.js';

/** The share of the process's descriptors that clients may have: the rest is for upstreams, the file and the status. */
const SHARE = 0.75;
/** Milliseconds between two lines about connections that were refused. */
const EVERY_MS = 10_000;

/** How many clients the process can serve at once; undefined where its limit of descriptors is not known. */
export function mostClients(limits = limitsOfProcess()): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1];
  return soft === undefined ? undefined : Math.max(1, Math.floor(Number(soft) * SHARE));
}

/**
 * Keeps clients from taking the last descriptor. Without this the system would refuse them all the same, and with them
 * the gateway's own connections to upstreams and its looks at the file; and nobody would be told.
 */
export function boundClients(servers: readonly HttpServer[], log: Logger, most = mostClients()): void {
  let refused = 0;
  let toldAt = -Infinity;
  const tell = (why: string): void => {
    refused++;
    if (performance.now() - toldAt < EVERY_MS) return;
    log.warn(`${refused} ${refused === 1 ? 'connection' : 'connections'} refused: ${why}`);
    toldAt = performance.now();
    refused = 0;
  };
  for (const server of servers) {
    if (most !== undefined) server.maxConnections = Math.max(1, Math.floor(most / servers.length));
    server.on('drop', () => tell(`${server.maxConnections} are open, as many as the limit of open files (ulimit -n) leaves for clients`));
    // what fails here is one connection: unheard, it would end the process
    server.on('error', (error) => tell(error.message));
  }
}

function limitsOfProcess(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // not Linux
    return undefined;
  }
}
