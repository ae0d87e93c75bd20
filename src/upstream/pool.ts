import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** Where a pool connects to, and how long it keeps connections. */
export interface PoolOptions {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Idle connections kept. */
  readonly size: number;
  /** Milliseconds an idle connection is kept. */
  readonly idleTimeout: number;
  /** Requests after which a connection is closed. */
  readonly requests: number;
  /** Whether a TLS certificate must be valid. */
  readonly verify: boolean;
}

/** Kept-alive connections to one node; it outlives reloads for as long as a table uses it. */
export interface Pool {
  readonly options: PoolOptions;
  readonly agent: http.Agent;
  /** Closes what is idle now, and what is busy after its request. */
  close(): void;
}

/** The key under which equal pools are shared: everything that shapes a connection, and no id. */
export function poolKey(options: PoolOptions): string {
  return `pool ${JSON.stringify([options.scheme, options.host, options.port, options.size, options.idleTimeout, options.requests, options.verify])}`;
}

/** Opens no connection until the first request. */
export function createPool(options: PoolOptions): Pool {
  const settings = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: options.size, noDelay: true, rejectUnauthorized: options.verify } as const;
  const agent = options.scheme === 'https' ? new https.Agent(settings) : new http.Agent(settings);
  limitReuse(agent, options);
  return {
    options,
    agent,
    close() {
      // connections that are busy now close when their request ends: none is kept any more
      agent.maxFreeSockets = 0;
      for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
    },
  };
}

/** Counts the requests of a connection, and ends it after its share or when it idles too long. */
function limitReuse(agent: http.Agent, options: PoolOptions): void {
  const served = new WeakMap<object, number>();
  // the types say void; the documented result is whether to keep the socket
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Socket) => unknown;
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket: Socket): boolean => {
    const count = (served.get(socket) ?? 0) + 1;
    served.set(socket, count);
    if (count >= options.requests || !keep(socket)) return false;
    socket.setTimeout(options.idleTimeout, destroy);
    return true;
  };
  agent.reuseSocket = (socket: Socket, request: http.ClientRequest): void => {
    // with the listener, or one more stays at every turn
    socket.setTimeout(0, destroy);
    reuse(socket, request);
  };
}

function destroy(this: Socket): void {
  this.destroy();
}
