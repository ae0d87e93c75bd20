import { RedisUnavailable, type RedisConnection } from '../redis/connection.js';
import { script } from '../redis/script.js';
import { figure } from './figure.js';
import { redisKey } from './redis-windows.js';

/** Counts requests that are there at the same time, by key. */
export interface Concurrency {
  /** How many there are with this one; below 0: more than `most`, and it is not counted. `id`: of the request. */
  enter(key: string, most: number, id: string): number | Promise<number>;
  /** The request is over. */
  leave(key: string, id: string): void;
}

/** Those in this process; a key is held for as long as one of its requests is there. */
export class LocalConcurrency implements Concurrency {
  readonly #present = new Map<string, number>();

  /** Keys that are held. */
  get size(): number {
    return this.#present.size;
  }

  enter(key: string, most: number): number {
    const present = (this.#present.get(key) ?? 0) + 1;
    if (present > most) return -1;
    this.#present.set(key, present);
    return present;
  }

  leave(key: string): void {
    const present = this.#present.get(key) ?? 0;
    if (present > 1) this.#present.set(key, present - 1);
    else this.#present.delete(key);
  }
}

/** Those in all gateways that share a Redis. What a gateway that died has left there is forgotten after `life` milliseconds. */
export class RedisConcurrency implements Concurrency {
  constructor(private readonly connection: RedisConnection, private readonly prefix: string, private readonly life: number) {}

  async enter(key: string, most: number, id: string): Promise<number> {
    try {
      return figure(await this.connection.run(ENTER, redisKey(this.prefix, key), [most, id, this.life]));
    } catch (error) {
      // it may be counted all the same, and nobody else would take it out
      if (!(error instanceof RedisUnavailable) || error.unsure) this.leave(key, id);
      throw error;
    }
  }

  leave(key: string, id: string): void {
    this.connection.settle(LEAVE, redisKey(this.prefix, key), [id]);
  }
}

const ENTER = script(`
local most, id, life = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local present = redis.call('ZCARD', KEYS[1]) + 1
if present > most then
  return -1
end
redis.call('ZADD', KEYS[1], now + life, id)
redis.call('PEXPIRE', KEYS[1], life)
return present
`);

const LEAVE = script(`return redis.call('ZREM', KEYS[1], ARGV[1])`);
