import { install } from './install.js';
import { type Peer, serveOwn } from './peer.js';

/** node:http answering by itself. */
export const hello: Peer = { name: 'node:http hello', start: (bench) => serveOwn(bench, 'hello') };

/** node:http on both sides, piped. */
export const pipe: Peer = { name: 'node:http pipe', start: (bench) => serveOwn(bench, 'pipe', [bench.upstream]) };

/** The proxy library that others are compared with. */
export const httpProxy3: Peer = {
  name: 'http-proxy-3',
  start: async (bench) => serveOwn(bench, 'http-proxy-3', [bench.upstream, await install(bench, 'http-proxy-3', { 'http-proxy-3': '1.23.3' })]),
};

/** Fastify's proxy plugin. */
export const fastify: Peer = {
  name: '@fastify/http-proxy',
  start: async (bench) => serveOwn(bench, 'fastify', [bench.upstream, await install(bench, 'fastify', { fastify: '5.12.8', '@fastify/http-proxy': '11.6.3' })]),
};
