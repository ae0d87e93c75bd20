import { hash } from 'node:crypto';
import type { Binding } from '../plugins/plugin.js';
import { RedisConnection } from '../redis/connection.js';
import { identityOf } from '../redis/place.js';
import { placeOf, type RedisOptions } from './redis-options.js';

/** The connection to the Redis that a plugin counts in, which all its places share; undefined: it counts in the process. */
export function connectionOf(options: RedisOptions, binding: Binding): RedisConnection | undefined {
  const place = placeOf(options, binding);
  return place && binding.lively ? binding.share(`redis ${identityOf(place)}`, () => new RedisConnection(place, binding.tell)) : undefined;
}

/** What keys in Redis begin with: all gateways whose limit is written at the same place, and is the same, count together. `shape`: all that decides what is counted. */
export const prefixOf = (plugin: string, owner: string, shape: string): string => `${plugin}:${owner}:${hash('sha256', shape, 'hex').slice(0, 16)}`;
