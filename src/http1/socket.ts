import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PoolOptions } from './types.js';

/** What is told of a socket. */
export interface SocketEvents {
  /** The first `length` bytes of `bytes` have arrived. */
  received(bytes: Buffer, length: number): void;
  /** It is established, with TLS where asked for. */
  established(): void;
  /** What was written has been taken. */
  drained(): void;
  /** The other side has ended, or the socket is closed. */
  ended(): void;
  failed(error: NodeJS.ErrnoException): void;
  /** A TLS session that the next connection can resume. */
  session(session: Buffer): void;
}

/** A plain socket whose bytes are read into `buffer`, over and over, without allocating. */
export function openBorrowing(options: PoolOptions, buffer: Buffer, events: SocketEvents): Socket {
  const callback = (length: number, bytes: Uint8Array): boolean => {
    events.received(bytes as Buffer, length);
    return true;
  };
  const socket = connect({ host: options.address ?? options.host, port: options.port, noDelay: true, onread: { buffer, callback } });
  listen(socket, 'connect', events);
  return socket;
}

/** A plain or TLS socket read by `data` events, so that another can take it over. */
export function openOwning(options: PoolOptions, session: Buffer | undefined, events: SocketEvents): Socket {
  const { host, address = host, port, tls } = options;
  const socket = tls === undefined
    ? connect({ host: address, port, noDelay: true })
    : connectTls({ ...tlsDefaults(host, session), ...tls, host: address, port });
  if (tls !== undefined) socket.setNoDelay(true).on('session', (ticket: Buffer) => events.session(ticket));
  socket.on('data', (bytes: Buffer) => events.received(bytes, bytes.length));
  listen(socket, tls === undefined ? 'connect' : 'secureConnect', events);
  return socket;
}

function tlsDefaults(host: string, session: Buffer | undefined): { ALPNProtocols: string[]; servername?: string; session?: Buffer } {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return { ALPNProtocols: ['http/1.1'], ...servername, ...(session === undefined ? {} : { session }) };
}

function listen(socket: Socket, established: string, events: SocketEvents): void {
  socket.once(established, () => events.established());
  socket.on('drain', () => events.drained());
  socket.on('end', () => events.ended());
  socket.on('close', () => events.ended());
  socket.on('error', (error: NodeJS.ErrnoException) => events.failed(error));
}
