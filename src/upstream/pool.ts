import { Pool, type PoolOptions } from '../http1/index.js';

/** How a node is connected to. */
export interface NodeConnection {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Idle connections kept. */
  readonly size: number;
  /** Milliseconds that an idle connection is kept. */
  readonly idleTimeout: number;
  /** Requests after which a connection is closed. */
  readonly requests: number;
  /** Whether a TLS certificate must be valid. */
  readonly verify: boolean;
  /** The name that the TLS handshake asks for; undefined for the host's own. */
  readonly serverName: string | undefined;
}

/** The key under which equal pools are shared between generations: all that shapes a connection, and no id. */
export function poolKey(connection: NodeConnection): string {
  const { scheme, host, port, size, idleTimeout, requests, verify, serverName } = connection;
  return `pool ${JSON.stringify([scheme, host, port, size, idleTimeout, requests, verify, serverName])}`;
}

/** Makes a pool; it opens no connection until the first request. */
export function createPool({ scheme, host, port, size, idleTimeout, requests, verify, serverName }: NodeConnection): Pool {
  const plain: PoolOptions = { host, port, size, idleTimeout, requests };
  if (scheme === 'http') return new Pool(plain);
  return new Pool({ ...plain, tls: { rejectUnauthorized: verify, ...(serverName !== undefined && { servername: serverName }) } });
}
