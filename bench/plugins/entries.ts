import type { Processes, Server } from '../processes.js';
import { freePort } from '../ports.js';
import { KEY } from '../request.js';
import { SECRET, tokens } from './tokens.js';

/** A plugin as it is measured: what it adds to a request that it lets pass. */
export interface Entry {
  readonly name: string;
  /** What it is compared with: another entry, by its name; by default a route without plugins. */
  readonly over?: string;
  /** The route's `plugins`, in flow style; `service`: the port of what the entry starts. */
  readonly plugins: (service: number) => string;
  /** More of the file, such as consumers. */
  readonly more?: string;
  /** Headers that each request has besides. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A header whose value is another with each request; made when the entry is measured. */
  readonly inTurn?: { readonly header: string; readonly values: () => string[] };
  /** Starts what the plugin talks to. */
  readonly service?: (processes: Processes) => Promise<Server>;
}

const CONSUMER = `consumers: [{ username: tom, plugins: { key-auth: { key: "${KEY.id}:${KEY.secret}" } } }]`;
const JWT = `consumers: [{ username: tom, plugins: { jwt-auth: { key: tom, secret: "${SECRET}" } } }]`;
const BASIC = 'consumers: [{ username: tom, plugins: { basic-auth: { username: tom, password: a-password-of-a-usual-length } } }]';
/** More than the gateway keeps of tokens that it has verified: 4 MiB. */
const TOO_MANY_TOKENS = 25_000;
const MANY = 1_000_000_000;

/** Every plugin that is measured; a new one is one entry more. */
export const ENTRIES: readonly Entry[] = [
  { name: 'key-auth', plugins: () => 'key-auth: {}', more: CONSUMER },
  { name: 'basic-auth', plugins: () => 'basic-auth: {}', more: BASIC, headers: { Authorization: `Basic ${Buffer.from('tom:a-password-of-a-usual-length').toString('base64')}` } },
  { name: 'jwt-auth, a token seen before', plugins: () => 'jwt-auth: {}', more: JWT, headers: { Authorization: `Bearer ${tokens(1).join('')}` } },
  { name: 'jwt-auth, new tokens', plugins: () => 'jwt-auth: {}', more: JWT, inTurn: { header: 'Authorization', values: () => tokens(TOO_MANY_TOKENS).map((token) => `Bearer ${token}`) } },
  { name: 'consumer-restriction', over: 'key-auth', plugins: () => 'key-auth: {}, consumer-restriction: { whitelist: [ann, tom] }', more: CONSUMER },
  { name: 'cors', plugins: () => 'cors: {}', headers: { Origin: 'https://app.example.com' } },
  { name: 'cors, one origin of three', plugins: () => 'cors: { allow_origins: "https://a.example.com,https://b.example.com,https://app.example.com" }', headers: { Origin: 'https://app.example.com' } },
  { name: 'limit-count, local', plugins: () => `limit-count: { count: ${MANY}, time_window: 60 }` },
  { name: 'limit-count, local, no headers', plugins: () => `limit-count: { count: ${MANY}, time_window: 60, show_limit_quota_header: false }` },
  { name: 'limit-count, local, sliding', plugins: () => `limit-count: { count: ${MANY}, time_window: 60, window_type: sliding }` },
  { name: 'limit-count per consumer', over: 'key-auth', plugins: () => `key-auth: {}, limit-count: { count: ${MANY}, time_window: 60, key: consumer_name }`, more: CONSUMER },
  { name: 'limit-req, local', plugins: () => 'limit-req: { rate: 1000000, burst: 1000000, key: remote_addr, nodelay: true }' },
  { name: 'limit-conn, local', plugins: () => 'limit-conn: { conn: 1000, burst: 0, default_conn_delay: 0.1, key: remote_addr }' },
  { name: 'limit-count, redis', plugins: (port) => `limit-count: { count: ${MANY}, time_window: 60, policy: redis, redis_host: 127.0.0.1, redis_port: ${port}, redis_timeout: 5000 }`, service: redis },
];

async function redis(processes: Processes): Promise<Server> {
  const port = await freePort();
  return processes.serve({ command: 'redis-server', args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], ready: port });
}
