import type { Socket } from 'node:net';
import type { GatewayResponse } from './exchange.js';

/** How long a request may be on its way, and wait to be read by a busy gateway. */
const LINGER_MS = 100;

/**
 * The clients' connections and the answers that each still waits for; several when a client sends requests in one go.
 *
 * Of answers that wait behind another, Node tells none when their connection is lost; here each of them ends. And a
 * shutdown can end each connection as soon as its last answer is through: Node's own `closeIdleConnections` takes one
 * for idle while an answer is still being written to a slow client, and cuts it.
 */
export class Connections {
  /** The last answer that each connection was asked for; earlier ones that are not over hang on it. */
  readonly #latest = new Map<Socket, GatewayResponse | undefined>();
  #ending = false;

  open(socket: Socket): void {
    this.#latest.set(socket, undefined);
    socket.once('close', () => {
      // after Node's own listeners: what is left then has been told nothing
      setImmediate(() => this.#lose(socket));
    });
  }

  /** A request has come. */
  begin(socket: Socket, res: GatewayResponse): void {
    const before = this.#latest.get(socket);
    if (before && !before.over) res.earlier = before;
    this.#latest.set(socket, res);
    res.connections = this;
    res.client = socket;
    if (this.#ending) announceEnd(res);
  }

  /** An answer is over. */
  end(res: GatewayResponse): void {
    res.earlier = undefined;
    if (this.#ending && res.client && !this.waiting(res.client)) res.client.destroySoon();
  }

  /** Whether a connection still waits for an answer. */
  waiting(socket: Socket): boolean {
    for (let res = this.#latest.get(socket); res; res = res.earlier) if (!res.over) return true;
    return false;
  }

  /** A connection is none of HTTP any more. */
  release(socket: Socket): void {
    this.#latest.delete(socket);
  }

  /** Ends each connection after its answers, and idle ones after a moment: a request that was sent before its client could know is answered. */
  close(): void {
    this.#ending = true;
    for (const latest of this.#latest.values()) for (let res = latest; res; res = res.earlier) announceEnd(res);
    setTimeout(() => {
      for (const socket of this.#latest.keys()) if (!this.waiting(socket)) socket.destroy();
    }, LINGER_MS);
  }

  /** Cuts what is left. */
  cut(): void {
    for (const socket of this.#latest.keys()) socket.destroy();
  }

  #lose(socket: Socket): void {
    const latest = this.#latest.get(socket);
    this.#latest.delete(socket);
    for (let res = latest; res;) {
      const { earlier, over } = res;
      if (!over) {
        res.destroy();
        res.emit('close');
      }
      res = earlier;
    }
  }
}

/** Lets the client know that no further request is wanted on this connection. */
function announceEnd(res: GatewayResponse): void {
  if (!res.headersSent) res.shouldKeepAlive = false;
}
