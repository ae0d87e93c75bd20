import { Connection } from './connection.js';
import { LoopTicker, type Ticker } from './ticker.js';
import type { PoolOptions, PoolStats } from './types.js';

// A 64 KiB body and its head fit in: with 64 KiB, each took two reads and two writes.
const READ = 128 * 1024;
/** One for every connection of the process: the loop fills it for one at a time. */
const SHARED: Buffer = Buffer.allocUnsafeSlow(READ);

/** The connections of a pool: which are open, and which of them wait for a request. */
export class Roster {
  readonly options: PoolOptions;
  readonly ticker: Ticker;
  /** The last TLS session, to be resumed. */
  session: Buffer | undefined;
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.ticker = options.ticker ?? new LoopTicker();
  }

  /**
   * Where a plain connection reads into. The loop fills it for one connection at a time, except on
   * Windows, where a read that is waiting already owns its memory.
   */
  get buffer(): Buffer {
    return process.platform === 'win32' ? Buffer.allocUnsafeSlow(READ) : SHARED;
  }

  /** The connection idle for the shortest time (it is the least likely to be closed by now), or a new one. */
  take(fresh: boolean, upgrade: boolean): Connection {
    return (fresh || upgrade ? undefined : this.#idle.pop()) ?? this.#add(upgrade);
  }

  /** Keeps a connection for the next request, if there is room. */
  release(connection: Connection): void {
    if (this.#closed || this.#idle.length >= this.options.size) connection.drop();
    else this.#idle.push(connection);
  }

  /** Forgets a connection. */
  remove(connection: Connection): void {
    if (!this.#open.delete(connection)) return;
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#open.size === 0) this.ticker.unwatch(this.#tick);
  }

  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle]) connection.drop();
  }

  stats(): PoolStats {
    const open = this.#open.size;
    const idle = this.#idle.length;
    return { open, idle, busy: open - idle };
  }

  #add(upgrade: boolean): Connection {
    const connection = new Connection(this, upgrade);
    this.#open.add(connection);
    if (this.#open.size === 1) this.ticker.watch(this.#tick);
    return connection;
  }

  readonly #tick = (now: number): void => {
    for (const connection of this.#open) connection.check(now);
  };
}
