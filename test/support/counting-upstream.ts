import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An upstream of a test's own. */
export interface TestUpstream {
  readonly port: number;
  /** Connections ever opened to it. */
  readonly opened: number;
  /** Connections that are open now. */
  readonly open: number;
  close(): Promise<void>;
}

/** Starts an upstream; unless told otherwise it answers with its name and what it was sent. */
export async function startUpstream(name: string, answer: (req: IncomingMessage, res: ServerResponse) => void = (req, res) => reflect(name, req, res)): Promise<TestUpstream> {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, answer);
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('connection', (socket) => {
    opened++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get opened() { return opened; },
    get open() { return sockets.size; },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function reflect(name: string, req: IncomingMessage, res: ServerResponse): void {
  const body = JSON.stringify({ upstream: name, host: req.headers.host, consumer: req.headers['x-consumer-username'], url: req.url });
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}
