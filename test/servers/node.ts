import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kind, Logged, Running } from './kinds.js';

/** Answers one request. */
export type Serve = (req: IncomingMessage, res: ServerResponse) => void;

/** node:http, as it comes. */
export const node: Kind = { name: `node:http ${process.version.slice(1)}`, program: undefined, proxies: false, start: () => startNode() };

/** Starts node:http in this process: as an upstream of its own, and behind servers that pass requests on. */
export async function startNode(serve: Serve = reflect): Promise<Running> {
  const log: Logged[] = [];
  const server = http.createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (req, res) => {
    const target = req.url ?? '';
    log.push({ id: String(req.headers['x-case'] ?? '-'), method: req.method ?? '', target, path: understood(target) });
    serve(req, res);
  });
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    // a connection that ends within a request is the gateway giving it up; what is no request would be another thing
    if (error.code !== 'ECONNRESET' && error.code !== 'HPE_INVALID_EOF_STATE') log.push({ id: '-', method: '', target: `${error.code}`, path: undefined });
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    pid: process.pid,
    port: (server.address() as AddressInfo).port,
    async stop() {
      if (!server.listening) return log;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      return log;
    },
  };
}

/** Reads the body, and answers with the path; below /admin with what must be kept. */
function reflect(req: IncomingMessage, res: ServerResponse): void {
  const path = understood(req.url ?? '') ?? '';
  req.resume();
  // a body that stops in its middle is no error of ours
  req.on('error', () => res.destroy());
  req.once('end', () => res.end(path.startsWith('/admin') ? 'SECRET' : `node ${req.url}`));
}

/** The path as programs commonly take it from a target: by URL, then decoded. */
function understood(target: string): string | undefined {
  if (!URL.canParse(target, 'http://h')) return undefined;
  return new URL(target, 'http://h').pathname.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
