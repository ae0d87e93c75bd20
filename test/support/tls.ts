import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Gateway } from '../../src/proxy/gateway.js';
import { createServer, type Protocols } from '../../src/proxy/server.js';
import type { Closing } from './gateway.js';
import { pem, yamlBlock } from './secure-upstream.js';

/** Opens one more listener of a gateway; returns its port. */
export async function listenAlso(scope: Closing, gateway: Gateway, protocols: Protocols): Promise<number> {
  const server = createServer(gateway, protocols).listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => {
    server.closeAllConnections();
    server.close();
    gateway.cut();
  });
  return (server.address() as AddressInfo).port;
}

/** An item of `ssls` with one of the test certificates; `more` are further fields, on lines of their own. */
export const site = (names: string, certificate = 'server', more = ''): string => `
  - snis: [${names}]
    cert: ${yamlBlock(pem(certificate), 6)}
    key: ${yamlBlock(pem(`${certificate}.key`), 6)}
    ${more}`;

/** `client:` of a site, which believes the test authority. */
export const demands = (more = ''): string => `client:
      ca: ${yamlBlock(pem('ca'), 8)}
      ${more}`;

/** Makes a handshake; throws what it fails with. */
export async function shake(port: number, servername: string | undefined, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...(servername !== undefined && { servername }), ...options });
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends a request on a connection, and returns the status of its answer. */
export async function statusOn(socket: TLSSocket, host: string, path = '/'): Promise<number> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  let text = '';
  while (!/\r\n\r\n/.test(text)) text += String((await once(socket, 'data'))[0]);
  return Number(text.slice(9, 12));
}
