import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Servers that repeat in their errors whatever they are sent, as the worst ones do. */
export interface Repeating {
  readonly redis: number;
  readonly http: number;
  /** What they were sent, to know that it was. */
  sent(): string;
  close(): void;
}

/** Starts a Redis and an HTTP server that do. */
export async function startRepeating(): Promise<Repeating> {
  let sent = '';
  const sockets = new Set<Socket>();
  const redis = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('data', (data) => {
      sent += data.toString();
      socket.write(`-ERR what is ${data.toString().replaceAll(/\s+/g, ' ')}\r\n`);
    }));
  }).listen(0, '127.0.0.1');
  const http = createHttp(async (req, res) => {
    const { authorization = '' } = req.headers;
    const login = decodeURIComponent(Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString());
    const all = `${JSON.stringify(req.headers)} ${login} ${(await buffer(req)).toString()}`;
    sent += all;
    res.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: login.split(':')[1] ?? 'nothing', error_description: all, message: all }));
  }).listen(0, '127.0.0.1');
  await Promise.all([once(redis, 'listening'), once(http, 'listening')]);
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  return {
    redis: portOf(redis), http: portOf(http), sent: () => sent,
    close() {
      for (const socket of sockets) socket.destroy();
      redis.close();
      http.close();
      http.closeAllConnections();
    },
  };
}
