import { Agent, createServer, request, type RequestListener } from 'node:http';
import httpProxy from 'http-proxy-3';
import { Pool } from '../../src/http1/index.js';
import { Forward } from './forward.js';

// A child of the benchmark: serves one kind, and reports its own CPU time when asked.
const [kind = 'hello', upstreamPort = '0', size = '200'] = process.argv.slice(2);
const host = '127.0.0.1';
const port = Number(upstreamPort);
const body = Buffer.alloc(Number(size), 'x');

const hello: RequestListener = (req, res) => {
  req.resume();
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length }).end(body);
};

function http1(): RequestListener {
  const pool = new Pool({ host, port, size: 256, idleTimeout: 60_000, requests: 1e9 });
  return (req, res) => void new Forward(pool, `${host}:${port}`, req, res);
}

function nodeClient(): RequestListener {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
  return (req, res) => {
    const out = request({ agent, host, port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    out.on('error', () => res.destroy());
    req.pipe(out);
  };
}

function httpProxy3(): RequestListener {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
  const proxy = httpProxy.createProxyServer({ target: `http://${host}:${port}`, agent });
  proxy.on('error', () => {});
  return (req, res) => proxy.web(req, res);
}

const KINDS: Readonly<Record<string, () => RequestListener>> = {
  hello: () => hello, http1, 'node:http': nodeClient, 'http-proxy-3': httpProxy3,
};
const listener = (KINDS[kind] ?? (() => hello))();
let served = 0;
const server = createServer((req, res) => {
  served++;
  listener(req, res);
});
server.keepAliveTimeout = 60_000;
server.listen(0, host, () => process.send?.({ address: server.address() }));
process.on('message', (message) => {
  if (message === 'exit') process.exit(0);
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, user, served, rss: process.memoryUsage.rss() });
});
