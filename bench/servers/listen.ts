import type { AddressInfo, Server } from 'node:net';

/** Listens on a free port of this machine, and tells it to who started this program. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => tell((server.address() as AddressInfo).port));
}

/** Tells that a port is served. */
export function tell(port: number): void {
  process.stdout.write(`listening on ${port}\n`);
}
