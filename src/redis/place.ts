import { hash } from 'node:crypto';

/** Where a Redis is, and how it is spoken to. */
export type RedisPlace = SinglePlace | ClusterPlace | SentinelPlace;

interface Common {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds that connecting, and each answer, may take. */
  readonly timeout: number;
  /** Undefined: in plain text. */
  readonly tls: { readonly verify: boolean } | undefined;
}

export interface SinglePlace extends Common {
  readonly kind: 'redis';
  readonly host: string;
  readonly port: number;
  readonly database: number;
}

export interface ClusterPlace extends Common {
  readonly kind: 'redis-cluster';
  readonly nodes: readonly Server[];
}

export interface SentinelPlace extends Common {
  readonly kind: 'redis-sentinel';
  readonly sentinels: readonly Server[];
  readonly master: string;
  readonly role: 'master' | 'slave';
  readonly database: number;
  readonly sentinelUsername?: string | undefined;
  readonly sentinelPassword?: string | undefined;
}

export interface Server {
  readonly host: string;
  readonly port: number;
}

/** A place in words, without its secrets. */
export function nameOf(place: RedisPlace): string {
  const list = (servers: readonly Server[]): string => servers.map(({ host, port }) => `${host}:${port}`).join(', ');
  if (place.kind === 'redis') return `${place.host}:${place.port}`;
  return place.kind === 'redis-cluster' ? `cluster ${list(place.nodes)}` : `${place.master} of the sentinels ${list(place.sentinels)}`;
}

/** What tells places apart, and does not show their secrets. */
export const identityOf = (place: RedisPlace): string => hash('sha256', JSON.stringify(place), 'hex');
