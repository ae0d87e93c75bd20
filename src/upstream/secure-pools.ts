import { LoopTicker, type PoolOptions, type PoolStats, type ResponseSink, type UpstreamExchange, type UpstreamRequest } from '../http1/index.js';
import type { NodePool } from './pool.js';
import { identity, nameOf } from './server-name.js';
import type { TlsMaterial } from './tls.js';

/** Names of one node that are remembered; clients choose them where their Host is passed on. */
const MOST_NAMES = 64;

/** The connections of one kind to one node. */
export interface PlainPool {
  send(request: UpstreamRequest, sink: ResponseSink): UpstreamExchange;
  close(): void;
  stats(): PoolStats;
}

/**
 * The TLS connections to one node: a pool for each name that was asked for. A connection was verified for its name, and a
 * session that is resumed is not verified again, so neither may serve another. The name used longest ago is forgotten
 * when there are too many.
 */
export class SecurePools implements NodePool {
  /** The one used last is the last. */
  readonly #pools = new Map<string, PlainPool>();
  readonly #ticker = new LoopTicker();
  #latest: { readonly authority: string; readonly pool: PlainPool } | undefined;
  #closed = false;

  constructor(private readonly options: PoolOptions, private readonly tls: TlsMaterial, private readonly create: (options: PoolOptions) => PlainPool, readonly leisurely: boolean) {}

  send(request: UpstreamRequest, sink: ResponseSink, authority: string): UpstreamExchange {
    if (this.#latest?.authority !== authority) this.#latest = { authority, pool: this.#poolOf(nameOf(authority)) };
    return this.#latest.pool.send(request, sink);
  }

  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
  }

  stats(): PoolStats {
    const total = { open: 0, idle: 0, busy: 0 };
    for (const pool of this.#pools.values()) {
      const { open, idle, busy } = pool.stats();
      total.open += open;
      total.idle += idle;
      total.busy += busy;
    }
    return total;
  }

  #poolOf(name: string): PlainPool {
    const pool = this.#pools.get(name) ?? this.#open(name);
    this.#pools.delete(name);
    this.#pools.set(name, pool);
    this.#forget();
    return pool;
  }

  #open(name: string): PlainPool {
    const { options, tls } = this;
    const secure = { rejectUnauthorized: tls.verify, secureContext: tls.context(), ...identity(name, options.host) };
    const pool = this.create({ ...options, ticker: this.#ticker, tls: secure });
    if (this.#closed) pool.close();
    return pool;
  }

  #forget(): void {
    const [oldest] = this.#pools;
    if (!oldest || this.#pools.size <= MOST_NAMES) return;
    const [name, pool] = oldest;
    this.#pools.delete(name);
    pool.close();
  }
}
