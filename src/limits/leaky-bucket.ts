import type { RedisConnection } from '../redis/connection.js';
import { script } from '../redis/script.js';
import { Counters } from './counters.js';
import { figure } from './figure.js';
import { redisKey } from './redis-windows.js';
import type { Means } from './windows.js';

/** Levels out requests by key: they leave at a rate, and only so many wait. */
export interface Bucket {
  /** Milliseconds that a request waits for its turn; below 0: too many wait. `rate`: requests in a second. */
  take(key: string, rate: number, burst: number): number | Promise<number>;
}

/** Buckets in this process. */
export class LocalBucket implements Bucket {
  readonly #counters: Counters<{ excess: number; at: number }>;

  constructor(private readonly means: Means) {
    this.#counters = new Counters(() => ({ excess: -1, at: 0 }), means.most);
  }

  take(key: string, rate: number, burst: number): number {
    const now = this.means.now();
    const counter = this.#counters.get(key, now, ((burst + 1) / rate) * 1000);
    const excess = Math.max(counter.excess - (rate * (now - counter.at)) / 1000 + 1, 0);
    if (excess > burst) return -1;
    counter.excess = excess;
    counter.at = now;
    return (excess / rate) * 1000;
  }
}

/** Buckets that gateways share. */
export class RedisBucket implements Bucket {
  constructor(private readonly connection: RedisConnection, private readonly prefix: string) {}

  async take(key: string, rate: number, burst: number): Promise<number> {
    return figure(await this.connection.run(LEAK, redisKey(this.prefix, key), [rate, burst]));
  }
}

/** By the clock of Redis, in microseconds; the answer is in milliseconds, as a text since Redis cuts fractions off. */
const LEAK = script(`
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local held = redis.call('HMGET', KEYS[1], 'excess', 'at')
local excess = 0
if held[1] then
  excess = math.max(tonumber(held[1]) - rate * math.max(now - tonumber(held[2]), 0) / 1000000 + 1, 0)
end
if excess > burst then
  return '-1'
end
redis.call('HSET', KEYS[1], 'excess', tostring(excess), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst + 1) / rate * 1000))
return tostring(excess / rate * 1000)
`);
