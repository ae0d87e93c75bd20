/** @fastify/http-proxy as its documentation sets it up. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tell } from './listen.js';

const [upstream, folder = ''] = process.argv.slice(2);
const require = createRequire(folder);

interface Fastify {
  readonly server: Server;
  register(plugin: unknown, options: { upstream: string }): void;
  listen(place: { host: string; port: number }): Promise<string>;
}

const fastify = (require('fastify') as () => Fastify)();
fastify.register(require('@fastify/http-proxy'), { upstream: `http://127.0.0.1:${upstream}` });
await fastify.listen({ host: '127.0.0.1', port: 0 });
tell((fastify.server.address() as AddressInfo).port);
