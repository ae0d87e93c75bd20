import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Bench } from '../bench.js';
import { freePort } from '../ports.js';
import { KEY } from '../request.js';
import { install } from './install.js';
import { type Peer, serveOwn } from './peer.js';

/** Express Gateway with key-auth, its store in memory. */
export const expressGateway: Peer = {
  name: 'express-gateway, key-auth',
  async start(bench: Bench) {
    const home = await install(bench, 'express-gateway', { 'express-gateway': '1.16.11' });
    const port = await freePort();
    const folder = join(bench.folder, 'express-gateway');
    mkdirSync(folder, { recursive: true });
    const own = join(dirname(home), 'node_modules/express-gateway/lib/config');
    for (const name of ['models', 'system.config.yml']) cpSync(join(own, name), join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'gateway.config.yml'), configuration(port, bench.upstream));
    return serveOwn(bench, 'express-gateway', [folder, port, home, KEY.id, KEY.secret]);
  },
};

const configuration = (port: number, upstream: number): string => `
http: { port: ${port}, hostname: 127.0.0.1 }
apiEndpoints: { all: { host: '*', paths: '*' } }
serviceEndpoints: { upstream: { url: 'http://127.0.0.1:${upstream}' } }
policies: [key-auth, proxy]
pipelines:
  all:
    apiEndpoints: [all]
    policies:
      - key-auth: [{ action: { apiKeyHeader: apikey, disableHeadersScheme: true } }]
      - proxy: [{ action: { serviceEndpoint: upstream } }]
`;
