import { hash } from 'node:crypto';
import type { RedisConnection } from '../redis/connection.js';
import { script, type Script } from '../redis/script.js';
import { figure } from './figure.js';
import type { Limiter, Verdict } from './verdict.js';

/** Windows that gateways share, counted in Redis. */
export class RedisWindow implements Limiter {
  readonly #script: Script;

  /** `prefix`: of its keys; it tells limits apart that count for themselves. */
  constructor(private readonly connection: RedisConnection, private readonly prefix: string, private readonly type: 'fixed' | 'sliding') {
    this.#script = type === 'fixed' ? FIXED : SLIDING;
  }

  async take(key: string, count: number, window: number): Promise<Verdict> {
    // two lengths of a window that slides have no window in common
    const prefix = this.type === 'fixed' ? this.prefix : `${this.prefix}:${window}`;
    const reply = await this.connection.run(this.#script, redisKey(prefix, key), [count, window]);
    const [remaining, reset] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
    return { remaining: figure(remaining), reset: figure(reset) };
  }
}

/** The key of a counter; clients do not make it long. */
export const redisKey = (prefix: string, key: string): string => `${prefix}:${key.length > 256 ? hash('sha256', key, 'base64') : key}`;

/** The window begins with the first request; its key ends with it. */
const FIXED = script(`
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local count, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  used, left = 0, window
end
if used >= count then
  return {-1, left}
end
if used == 0 then
  redis.call('SET', KEYS[1], 1, 'PX', window)
else
  redis.call('INCR', KEYS[1])
end
return {count - used - 1, left}
`);

/** By the clock of Redis, which all gateways have in common. */
const SLIDING = script(`
local count, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local index = math.floor(now / window)
local held = redis.call('HMGET', KEYS[1], 'index', 'used', 'before')
local used, before = 0, 0
if tonumber(held[1] or '-1') == index then
  used, before = tonumber(held[2]), tonumber(held[3])
elseif tonumber(held[1] or '-1') == index - 1 then
  before = tonumber(held[2])
end
local left = (index + 1) * window - now
local weighed = used + before * left / window
if weighed + 1 > count then
  return {-1, left}
end
redis.call('HSET', KEYS[1], 'index', index, 'used', used + 1, 'before', before)
redis.call('PEXPIRE', KEYS[1], 2 * window)
return {math.floor(count - weighed - 1), left}
`);
