import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Closing } from './gateway.js';
import { takeRequest, values } from './message.js';
import { answer } from './upstream.js';

/** The path of a test certificate or key: `server`, `server.key`. */
export function pemFile(name: string): string {
  return fileURLToPath(new URL(`../../../test/support/certs/${name}.pem`, import.meta.url));
}

/** Its text. */
export function pem(name: string): string {
  return readFileSync(pemFile(name), 'utf8');
}

/** A PEM text as a block of YAML, to stand behind a field's name. */
export function yamlBlock(text: string, indent = 8): string {
  return `|\n${text.trimEnd().replace(/^/gm, ' '.repeat(indent))}\n`;
}

/** An upstream that speaks TLS, and keeps what it was asked. */
export interface SecureUpstream {
  readonly port: number;
  /** The server name of each connection; false for none. */
  readonly names: readonly (string | false | null)[];
  readonly resumed: readonly boolean[];
  /** The common name of each connection's client certificate. */
  readonly clients: readonly (string | undefined)[];
  /** The Host of each request. */
  readonly hosts: readonly string[];
  open(): number;
  /** Handshakes that failed, on this side. */
  readonly refused: readonly string[];
}

/** Starts it with one of the test certificates. */
export async function startSecure(closing: Closing, certificate = 'server', options: TlsOptions = {}): Promise<SecureUpstream> {
  const sockets: TLSSocket[] = [];
  const seen = { names: [] as (string | false | null)[], resumed: [] as boolean[], clients: [] as (string | undefined)[], hosts: [] as string[], refused: [] as string[] };
  const server = createServer({ cert: pem(certificate), key: pem(`${certificate}.key`), ...options }, (socket) => {
    sockets.push(socket);
    seen.names.push(socket.servername);
    seen.resumed.push(socket.isSessionReused());
    const { CN } = socket.getPeerCertificate().subject ?? {};
    seen.clients.push(CN === undefined ? undefined : String(CN));
    serve(socket, seen.hosts);
  });
  server.on('tlsClientError', (error: Error & { code?: string }) => seen.refused.push(error.code ?? error.message));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, ...seen, open: () => sockets.filter((s) => !s.destroyed).length };
}

function serve(socket: TLSSocket, hosts: string[]): void {
  let pending = '';
  socket.setEncoding('latin1').on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    pending += text;
    for (let message = takeRequest(pending); message; message = takeRequest(pending)) {
      pending = message.rest;
      hosts.push(values(message, 'host').join());
      socket.write(answer(message.body || 'secure'));
    }
  });
}
