/** http-proxy-3 with an agent that keeps connections, and nothing else. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { listen } from './listen.js';

const [upstream, folder = '', how] = process.argv.slice(2);

interface HttpProxy {
  createProxyServer(options: { target?: string; agent: http.Agent }): { web(req: IncomingMessage, res: ServerResponse, options?: { target: string }): void };
}

const { createProxyServer } = createRequire(folder)('http-proxy-3') as HttpProxy;
const target = `http://127.0.0.1:${upstream}`;
const agent = new http.Agent({ keepAlive: true });
const routing = createProxyServer({ agent });
const single = createProxyServer({ target, agent });
listen(how === 'routing'
  ? http.createServer((req, res) => routing.web(req, res, { target }))
  : http.createServer((req, res) => single.web(req, res)));
