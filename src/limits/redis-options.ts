import type { Path } from '../diagnostics/diagnostic.js';
import { parseAddress } from '../upstream/address.js';
import type { RedisPlace, Server } from '../redis/place.js';
import type { Infer } from '../schema/infer.js';

const timeout = { type: 'integer', minimum: 1, default: 1000 } as const;

/** A name or an address alone: the port, the password and the database have fields of their own. */
const host = { type: 'string', minLength: 2, pattern: '^[^/@\\s]+$', examples: ['127.0.0.1'] } as const;

/** The options of plugins that count in Redis. */
export const REDIS_OPTIONS = {
  redis_host: { description: 'Of `policy: redis`: where Redis is.', ...host },
  redis_port: { description: 'Of `policy: redis`: its port.', type: 'integer', minimum: 1, maximum: 65_535, default: 6379 },
  redis_username: { description: 'The name to log in with, where Redis has users.', type: 'string', minLength: 1, examples: ['gateway'] },
  redis_password: { description: 'The password to log in with.', type: 'string', minLength: 0, 'x-secret': true, examples: ['$env://REDIS_PASSWORD'] },
  redis_database: { description: 'The number of the database; a cluster has none.', type: 'integer', minimum: 0, default: 0 },
  redis_timeout: { description: 'Milliseconds that connecting, and each answer, may take.', ...timeout },
  redis_ssl: { description: 'Of `policy: redis`: true speaks TLS.', type: 'boolean', default: false },
  redis_ssl_verify: { description: 'Of `policy: redis`: whether the certificate is verified.', type: 'boolean', default: false },
  redis_cluster_nodes: { description: 'Of `policy: redis-cluster`: some of its nodes, as `host:port`; the others are found by them.', type: 'array', minItems: 1, items: { type: 'string', minLength: 2, maxLength: 100 }, examples: [['127.0.0.1:5000', '127.0.0.1:5001']] },
  redis_cluster_name: { description: 'Of `policy: redis-cluster`: its name.', type: 'string', examples: ['limits'] },
  redis_cluster_ssl: { description: 'Of `policy: redis-cluster`: true speaks TLS.', type: 'boolean', default: false },
  redis_cluster_ssl_verify: { description: 'Of `policy: redis-cluster`: whether the certificates are verified.', type: 'boolean', default: false },
} as const;

/** Those of plugins that find Redis by sentinels too. */
export const SENTINEL_OPTIONS = {
  redis_sentinels: {
    description: 'Of `policy: redis-sentinel`: the sentinels.',
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      properties: {
        host: { description: 'Where the sentinel is.', ...host },
        port: { description: 'Its port.', type: 'integer', minimum: 1, maximum: 65_535, examples: [26_379] },
      },
      required: ['host', 'port'],
      additionalProperties: false,
    },
    examples: [[{ host: '127.0.0.1', port: 26_379 }]],
  },
  redis_master_name: { description: 'Of `policy: redis-sentinel`: what the sentinels call the master.', type: 'string', minLength: 1, examples: ['mymaster'] },
  redis_role: { description: 'Of `policy: redis-sentinel`: which server is asked; `slave` cannot count.', type: 'string', enum: ['master', 'slave'], default: 'master' },
  sentinel_username: { description: 'The name to log in to the sentinels with.', type: 'string', minLength: 1, examples: ['gateway'] },
  sentinel_password: { description: 'The password to log in to the sentinels with.', type: 'string', minLength: 0, 'x-secret': true, examples: ['$env://SENTINEL_PASSWORD'] },
  redis_connect_timeout: { description: 'Of `policy: redis-sentinel`: milliseconds that connecting may take.', ...timeout },
  redis_read_timeout: { description: 'Of `policy: redis-sentinel`: milliseconds that an answer may take.', ...timeout },
  redis_keepalive_timeout: { description: 'Accepted, and without effect: one connection is kept.', type: 'integer', minimum: 1, default: 60_000 },
} as const;

type OptionsOf<P> = Infer<{ readonly type: 'object'; readonly properties: P }>;

/** The options as a plugin has them. */
export type RedisOptions = OptionsOf<typeof REDIS_OPTIONS> & Partial<OptionsOf<typeof SENTINEL_OPTIONS>> & { readonly policy: 'local' | 'redis' | 'redis-cluster' | 'redis-sentinel' };

/** Takes what is wrong with the options, or of no effect. */
export interface Complaints {
  reject(path: Path, message: string): void;
  warn(path: Path, message: string): void;
}

/** Where a plugin counts; undefined: in the process, or nowhere, which was told. */
export function placeOf(options: RedisOptions, complaints: Complaints): RedisPlace | undefined {
  const { policy, redis_username: username, redis_password: password, redis_timeout: patience, redis_database: database } = options;
  const common = { username, password, timeout: patience };
  tellIdle(options, complaints);
  switch (policy) {
    case 'local':
      return undefined;
    case 'redis': {
      const { redis_host: host, redis_port: port, redis_ssl: ssl, redis_ssl_verify: verify } = options;
      if (host !== undefined) return { kind: policy, ...common, host, port, database, tls: ssl ? { verify } : undefined };
      complaints.reject(['policy'], '`policy: redis` needs `redis_host`');
      return undefined;
    }
    case 'redis-cluster': {
      const { redis_cluster_nodes: nodes, redis_cluster_name: name, redis_cluster_ssl: ssl, redis_cluster_ssl_verify: verify } = options;
      if (nodes && name !== undefined) return { kind: policy, ...common, nodes: nodes.flatMap((node, i) => serverOf(node, i, complaints)), tls: ssl ? { verify } : undefined };
      complaints.reject(['policy'], '`policy: redis-cluster` needs `redis_cluster_nodes` and `redis_cluster_name`');
      return undefined;
    }
    case 'redis-sentinel':
      return sentinelPlace(options, database, common, complaints);
  }
}

function sentinelPlace(options: RedisOptions, database: number, common: { readonly username: string | undefined; readonly password: string | undefined }, complaints: Complaints): RedisPlace | undefined {
  const { redis_sentinels: sentinels, redis_master_name: master, redis_role: role = 'master', redis_connect_timeout: connecting = 1000, redis_read_timeout: reading = 1000 } = options;
  if (!sentinels || master === undefined) {
    complaints.reject(['policy'], '`policy: redis-sentinel` needs `redis_sentinels` and `redis_master_name`');
    return undefined;
  }
  if (role === 'slave') complaints.warn(['redis_role'], 'a slave takes no writes, so nothing can be counted there');
  return { kind: 'redis-sentinel', ...common, timeout: Math.max(connecting, reading), sentinels, master, role, database, sentinelUsername: options.sentinel_username, sentinelPassword: options.sentinel_password, tls: undefined };
}

function serverOf(node: string, i: number, complaints: Complaints): Server[] {
  const address = parseAddress(node);
  if (address) return [{ host: address.host, port: address.port ?? 6379 }];
  complaints.reject(['redis_cluster_nodes', i], 'a node of a cluster is `host:port`');
  return [];
}

/** Tells of a Redis that nobody asks. */
function tellIdle({ policy, redis_host, redis_cluster_nodes, redis_sentinels }: RedisOptions, { warn }: Complaints): void {
  for (const [field, value, of] of [['redis_host', redis_host, 'redis'], ['redis_cluster_nodes', redis_cluster_nodes, 'redis-cluster'], ['redis_sentinels', redis_sentinels, 'redis-sentinel']] as const) {
    if (value !== undefined && policy !== of) warn([field], `without \`policy: ${of}\` this has no effect; the policy is \`${policy}\``);
  }
}
