import { Cluster, Redis } from 'ioredis';
import type { RedisPlace } from './place.js';

/** A client of the package, in the part that is used of it. */
export type Client = Redis | Cluster;

/**
 * A client that does not connect before it is told to. It sends nothing twice: a command whose answer was lost may
 * have been carried out, and would count again.
 */
export function createClient(place: RedisPlace): Client {
  const options = {
    username: place.username,
    password: place.password,
    ...(place.tls && { tls: { rejectUnauthorized: place.tls.verify } }),
    connectTimeout: place.timeout,
    commandTimeout: place.timeout,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
    protocol: 2 as const,
  };
  switch (place.kind) {
    case 'redis':
      return new Redis({ ...options, host: place.host, port: place.port, db: place.database, retryStrategy: pause });
    case 'redis-sentinel':
      return new Redis({
        ...options,
        sentinels: [...place.sentinels], name: place.master, role: place.role, db: place.database,
        sentinelUsername: place.sentinelUsername, sentinelPassword: place.sentinelPassword,
        sentinelCommandTimeout: place.timeout, retryStrategy: pause, sentinelRetryStrategy: pause,
      });
    case 'redis-cluster':
      return new Cluster([...place.nodes], { redisOptions: options, lazyConnect: true, enableOfflineQueue: false, retryDelayOnFailover: 0, clusterRetryStrategy: pause, slotsRefreshTimeout: place.timeout });
  }
}

/** Milliseconds before another attempt to connect. */
const pause = (attempts: number): number => Math.min(50 * 2 ** Math.min(attempts, 10), 1000);
