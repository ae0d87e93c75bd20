import { Pool, type PoolOptions, type PoolStats, type ResponseSink, type UpstreamExchange, type UpstreamRequest } from '../http1/index.js';
import { SecurePools } from './secure-pools.js';
import type { TlsMaterial } from './tls.js';

/** The connections to one node. */
export interface NodePool {
  /** Sends a request; `authority` is the Host that it carries: what a TLS handshake asks for. */
  send(request: UpstreamRequest, sink: ResponseSink, authority: string): UpstreamExchange;
  /** Closes idle connections now, and busy ones after their exchange. */
  close(): void;
  stats(): PoolStats;
}

/** How a node is connected to. */
export interface NodeConnection {
  /** As configured: what TLS goes by. */
  readonly host: string;
  /** What is connected to. */
  readonly address: string;
  readonly port: number;
  /** Idle connections kept. */
  readonly size: number;
  /** Milliseconds that an idle connection is kept. */
  readonly idleTimeout: number;
  /** Requests after which a connection is closed. */
  readonly requests: number;
  /** Undefined for plain text. */
  readonly tls: TlsMaterial | undefined;
}

/** Makes the connections to one node, without opening any. */
export type Connect = (node: NodeConnection) => NodePool;

/** The key under which equal pools are shared between generations: all that shapes a connection, and no id. */
export function poolKey({ host, address, port, size, idleTimeout, requests, tls }: NodeConnection): string {
  return `pool ${JSON.stringify([tls && host, address, port, size, idleTimeout, requests, tls?.verify, tls?.digest])}`;
}

/** Makes a pool; it opens no connection until the first request. */
export const createPool: Connect = ({ tls, ...plain }) => {
  const options: PoolOptions = plain;
  return tls ? new SecurePools(options, tls) : new Pool(options);
};
