import { Pool, type PoolOptions, type PoolStats, type ResponseSink, type UpstreamExchange, type UpstreamRequest } from '../http1/index.js';
import { Http2Pool } from '../http2/index.js';
import { SecurePools, type PlainPool } from './secure-pools.js';
import type { TlsMaterial } from './tls.js';

/** The connections to one node. */
export interface NodePool {
  /** Sends a request; `authority` is the Host that it carries: what a TLS handshake asks for. */
  send(request: UpstreamRequest, sink: ResponseSink, authority: string): UpstreamExchange;
  /** Closes idle connections now, and busy ones after their exchange. */
  close(): void;
  stats(): PoolStats;
  /** A request and its answer may go on side by side for as long as they like: a client's pauses are its own affair. */
  readonly leisurely?: boolean;
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
  /** Whether the node is spoken to in HTTP/2. */
  readonly http2: boolean;
  /** Undefined for plain text. */
  readonly tls: TlsMaterial | undefined;
}

/** Makes the connections to one node, without opening any. */
export type Connect = (node: NodeConnection) => NodePool;

/** The key under which equal pools are shared between generations: all that shapes a connection, and no id. */
export function poolKey({ host, address, port, size, idleTimeout, requests, http2, tls }: NodeConnection): string {
  return `pool ${JSON.stringify([tls && host, address, port, size, idleTimeout, requests, http2, tls?.verify, tls?.digest])}`;
}

/** Makes a pool; it opens no connection until the first request. */
export const createPool: Connect = ({ tls, http2, ...options }) => {
  const create = (exact: PoolOptions): PlainPool => (http2 ? new Http2Pool(exact) : new Pool(exact));
  return tls ? new SecurePools(options, tls, create, http2) : create(options);
};
