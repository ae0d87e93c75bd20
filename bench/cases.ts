import { expressGateway } from './peers/express-gateway.js';
import { gateway } from './peers/gateway.js';
import { middleOf, type Shape } from './peers/gateway-config.js';
import { haproxy } from './peers/haproxy.js';
import { nginx } from './peers/nginx.js';
import { fastify, hello, httpProxy3, httpProxy3Routing, pipe } from './peers/node.js';
import type { Peer } from './peers/peer.js';
import { get, type Request } from './request.js';

/** One table: contestants that take turns. */
export interface Case {
  readonly name: string;
  readonly contestants: readonly Contestant[];
  /** Contestants with which the others are compared. */
  readonly baselines: readonly string[];
  /** The upstream is the one that answers as a web framework does. */
  readonly service?: boolean;
}

/** A server and what is asked of it. */
export interface Contestant {
  readonly name: string;
  readonly peer: Peer;
  readonly request: Request;
}

const keyed = gateway('gateway, key-auth', { routes: 'one' });
const open = gateway('gateway, no plugin', { routes: 'one', auth: false });
const EVERYBODY: readonly Peer[] = [keyed, open, httpProxy3, httpProxy3Routing, hello, pipe, fastify, expressGateway, nginx, haproxy];

/** All cases, in the order in which they are measured and shown. */
export const CASES: readonly Case[] = [
  compare('GET 200 B', get('/200')),
  { ...compare('GET 200 B of a service', get('/200')), service: true },
  compare('GET 64 KiB', get('/64k', { size: 65536 })),
  compare('POST 10 KB', get('/200', { method: 'POST', body: 10_000, headers: { 'Content-Type': 'text/plain' } })),
  scale('exact routes', [10, 1_000, 10_000, 100_000], (count) => routes('exact', count)),
  scale('prefix routes', [10, 1_000, 10_000, 100_000], (count) => routes('prefix', count)),
  scale('host routes', [10, 1_000, 10_000, 100_000], (count) => routes('host', count)),
  scale('consumers', [10, 100_000], (consumers) => ({ shape: { routes: 'one', consumers }, request: get('/200') })),
  refusals(),
];

function compare(name: string, request: Request): Case {
  return { name, baselines: [httpProxy3.name, httpProxy3Routing.name, hello.name], contestants: EVERYBODY.map((peer) => ({ name: peer.name, peer, request })) };
}

interface Setting {
  readonly shape: Shape;
  readonly request: Request;
}

function routes(kind: Shape['routes'], count: number): Setting {
  const { path, headers } = middleOf(kind, count);
  return { shape: { routes: kind, count }, request: get(path, { headers }) };
}

/** The same with more and more of something: flat is what it should be. */
function scale(name: string, counts: readonly number[], setting: (count: number) => Setting): Case {
  const contestants = counts.map((count): Contestant => {
    const { shape, request } = setting(count);
    const title = `${count.toLocaleString('en')} ${name}`;
    return { name: title, peer: gateway(title, shape), request };
  });
  return { name, contestants, baselines: contestants.slice(0, 1).map((contestant) => contestant.name) };
}

function refusals(): Case {
  const refused = { status: 401, size: undefined };
  const contestants: Contestant[] = [
    { name: 'right key', peer: keyed, request: get('/200') },
    { name: 'wrong key', peer: keyed, request: get('/200', { ...refused, headers: { apikey: 'wrong' } }) },
    { name: 'missing key', peer: keyed, request: without('apikey', get('/200', refused)) },
    { name: hello.name, peer: hello, request: get('/200') },
  ];
  return { name: '401', contestants, baselines: [hello.name] };
}

function without(header: string, request: Request): Request {
  return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== header)) };
}
