import type { AddressInfo, Server } from 'node:net';
import type { Server as PlainServer } from 'node:http';
import type { Logger } from 'pino';
import type { Place } from './places.js';
import { formatAddress, parseAddress } from '../upstream/address.js';

/** An HTTP server, whatever its requests are. */
export type HttpServer = Server & Pick<PlainServer, 'closeIdleConnections' | 'closeAllConnections'>;

/** A server that listens, and the URL under which it is reached. */
export interface Opened {
  readonly server: HttpServer;
  readonly url: string;
}

/** Opens a server at each place, all or none; tells why when it cannot be. */
export async function openAll(places: readonly Place[], create: (place: Place) => HttpServer, log: Logger): Promise<readonly Opened[] | undefined> {
  const opened: Opened[] = [];
  for (const place of places) {
    const server = create(place);
    try {
      opened.push({ server, url: await listen(server, place) });
    } catch (error) {
      log.error(listenProblem(place.address, error));
      for (const other of opened) other.server.close();
      return undefined;
    }
  }
  return opened;
}

/** Whether a text is `host:port`; an empty host or `*` means all interfaces, port 0 a free one. */
export function parseListen(text: string): { readonly host: string; readonly port: number } | undefined {
  const mark = text.lastIndexOf(':');
  const port = /^\d{1,5}$/.test(text.slice(mark + 1)) ? Number(text.slice(mark + 1)) : Number.NaN;
  if (mark < 0 || !(port <= 65535)) return undefined;
  const host = text.slice(0, mark);
  if (host === '' || host === '*') return { host: '0.0.0.0', port };
  const address = parseAddress(host);
  return address && address.port === undefined ? { host: address.host, port } : undefined;
}

/** Connections that may wait to be accepted; the system's own limit caps it. Beyond, a client tries again after a second. */
const BACKLOG = 4096;

function listen(server: Server, { address, tls }: Place): Promise<string> {
  const place = parseListen(address);
  if (!place) return Promise.reject(new Error('it is not HOST:PORT'));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place.port, place.host, BACKLOG, () => {
      server.off('error', reject);
      resolve(`${tls ? 'https' : 'http'}://${formatAddress(place.host, (server.address() as AddressInfo).port)}`);
    });
  });
}

const PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: stop it, or take another port',
  EACCES: 'that is not permitted (ports below 1024 need privileges)',
  EADDRNOTAVAIL: 'that is no address of this machine',
  ENOTFOUND: 'that is no address of this machine',
};

function listenProblem(place: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = PROBLEMS[code] ?? (error instanceof Error ? error.message : String(error));
  return `cannot listen on ${place}: ${why}`;
}
