import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a request may be on its way, and wait to be read by a busy gateway. */
const LINGER_MS = 100;

/**
 * The clients' connections, so that a shutdown can end each as soon as its last answer is through.
 *
 * Node's own `closeIdleConnections` takes a connection for idle while an answer is still being written to a slow
 * client, and cuts it.
 */
export class Connections {
  readonly #answers = new Map<Socket, Set<ServerResponse>>();
  #ending = false;

  /** Counts the connections of a server from now on. */
  follow(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#answers.set(socket, new Set());
      socket.once('close', () => this.#answers.delete(socket));
    });
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      server.prependListener(event, (req: IncomingMessage, res: ServerResponse) => this.#begin(req.socket, res));
    }
  }

  /**
   * Ends each connection after the answers that it waits for, and idle ones after a moment: a request that was sent
   * before its client could know is answered.
   */
  end(): void {
    this.#ending = true;
    for (const answers of this.#answers.values()) for (const res of answers) announceEnd(res);
    setTimeout(() => this.#closeIdle(), LINGER_MS);
  }

  /** Cuts what is left. */
  cut(): void {
    for (const socket of this.#answers.keys()) socket.destroy();
  }

  #closeIdle(): void {
    for (const [socket, answers] of this.#answers) if (answers.size === 0) socket.destroy();
  }

  #begin(socket: Socket, res: ServerResponse): void {
    const answers = this.#answers.get(socket);
    if (!answers) return;
    answers.add(res);
    if (this.#ending) announceEnd(res);
    res.once('close', () => {
      answers.delete(res);
      if (this.#ending && answers.size === 0) socket.destroySoon();
    });
  }
}

/** Lets the client know that no further request is wanted on this connection. */
function announceEnd(res: ServerResponse): void {
  if (!res.headersSent) res.shouldKeepAlive = false;
}
