import http, { type IncomingMessage, type Server } from 'node:http';

/** What the admin listener tells. */
export interface AdminSource {
  /** The body of `GET /status`. */
  status(): object;
  /** The body of `GET /status/upstreams`. */
  upstreams(): object;
  /** Whether a configuration is applied, listeners are open, and no shutdown has begun. */
  ready(): boolean;
}

/** Makes the server (not listening) on which the gateway tells of itself. */
export function createAdminServer(source: AdminSource): Server {
  return http.createServer((req, res) => {
    const { status, body } = answer(req, source);
    const text = `${JSON.stringify(body, null, 2)}\n`;
    res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store' });
    res.end(req.method === 'HEAD' ? undefined : text);
  });
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

function answer(req: IncomingMessage, source: AdminSource): Answer {
  // a page on another origin could reach a loopback address by a DNS name of its own
  if (!isLocalName(req.headers.host ?? '') || req.headers.origin !== undefined) return { status: 403, body: { error: 'use the address of the admin listener as Host, and no Origin' } };
  if (req.method !== 'GET' && req.method !== 'HEAD') return { status: 405, body: { error: 'only GET' } };
  const path = (req.url ?? '').split('?', 1)[0];
  if (path === '/status') return { status: 200, body: source.status() };
  if (path === '/status/upstreams') return { status: 200, body: source.upstreams() };
  if (path === '/status/ready') return source.ready() ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'not ready' } };
  return { status: 404, body: { error: 'not found', endpoints: ['/status', '/status/upstreams', '/status/ready'] } };
}

/** An address or `localhost`: what nobody else can make resolve to us. */
function isLocalName(host: string): boolean {
  return /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\])(:\d+)?$/i.test(host);
}
