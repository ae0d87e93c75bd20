/** http-proxy-3 with an agent that keeps connections, and nothing else. */
import http, { type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { listen } from './listen.js';

const [upstream, folder = ''] = process.argv.slice(2);

interface HttpProxy {
  createProxyServer(options: { target: string; agent: http.Agent }): { web: RequestListener };
}

const { createProxyServer } = createRequire(folder)('http-proxy-3') as HttpProxy;
const proxy = createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent: new http.Agent({ keepAlive: true }) });
listen(http.createServer((req, res) => proxy.web(req, res)));
