import type { Bench } from '../bench.js';
import type { Server } from '../processes.js';
import { install } from './install.js';
import { type Peer, serveOwn } from './peer.js';

/** node:http answering by itself. */
export const hello: Peer = { name: 'node:http hello', start: (bench) => serveOwn(bench, 'hello') };

/** node:http on both sides, piped. */
export const pipe: Peer = { name: 'node:http pipe', start: (bench) => serveOwn(bench, 'pipe', [bench.upstream]) };

/** The proxy library that others are compared with, with one target for all. */
export const httpProxy3: Peer = { name: 'http-proxy-3', start: (bench) => serveHttpProxy3(bench) };

/** The same, told the target with each request, as who has several must (its README: "custom server logic"). */
export const httpProxy3Routing: Peer = { name: 'http-proxy-3, target per request', start: (bench) => serveHttpProxy3(bench, 'routing') };

async function serveHttpProxy3(bench: Bench, ...how: readonly string[]): Promise<Server> {
  return serveOwn(bench, 'http-proxy-3', [bench.upstream, await install(bench, 'http-proxy-3', { 'http-proxy-3': '1.23.3' }), ...how]);
}

/** Fastify's proxy plugin. */
export const fastify: Peer = {
  name: '@fastify/http-proxy',
  start: async (bench) => serveOwn(bench, 'fastify', [bench.upstream, await install(bench, 'fastify', { fastify: '5.12.8', '@fastify/http-proxy': '11.6.3' })]),
};
