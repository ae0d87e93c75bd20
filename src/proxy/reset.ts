import type { Socket } from 'node:net';

/** Cuts a connection so that its end is not taken for that of a whole answer: by a reset, or over TLS without its closing alert. */
export function reset(socket: Socket): void {
  // a socket that is ending already cannot be reset: Node would keep its handle for ever; nor can one of TLS: Node throws
  if (socket.writable && !('encrypted' in socket)) socket.resetAndDestroy();
  else socket.destroy();
}
