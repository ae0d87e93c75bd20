import { LoopTicker, type PoolOptions, type PoolStats, type ResponseSink, type Ticker, type UpstreamExchange, type UpstreamRequest } from '../http1/index.js';
import { Connection, type Keeper } from './connection.js';

/**
 * Sends requests to one upstream node over HTTP/2: it takes the requests of the HTTP/1.1 pool, and gives the responses
 * that one gives. Connections are shared by as many exchanges as the upstream allows, and a new one is opened for more.
 */
export class Http2Pool implements Keeper {
  /** A request and its answer may go on side by side for long. */
  readonly leisurely = true;
  readonly #connections = new Set<Connection>();
  readonly #ticker: Ticker;

  constructor(readonly options: PoolOptions) {
    this.#ticker = options.ticker ?? new LoopTicker();
  }

  /** Sends a request; what becomes of it is told to `sink`, never before this has returned. */
  send(request: UpstreamRequest, sink: ResponseSink): UpstreamExchange {
    return this.#take(request.fresh === true).start(request, sink);
  }

  /** Closes idle connections now, and busy ones after their exchanges. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  stats(): PoolStats {
    const all = [...this.#connections];
    const busy = all.filter((connection) => connection.busy > 0).length;
    return { open: all.length, idle: all.length - busy, busy };
  }

  now(): number {
    return this.#ticker.now;
  }

  remove(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#ticker.unwatch(this.#look);
  }

  #take(fresh: boolean): Connection {
    if (!fresh) for (const connection of this.#connections) if (connection.free) return connection;
    if (this.#connections.size === 0) this.#ticker.watch(this.#look);
    const connection = new Connection(this);
    this.#connections.add(connection);
    return connection;
  }

  readonly #look = (now: number): void => {
    for (const connection of this.#connections) connection.check(now);
  };
}
