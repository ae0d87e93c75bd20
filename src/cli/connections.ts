import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

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

  /** Ends idle connections now, and each of the others after the answers that it waits for. */
  end(): void {
    this.#ending = true;
    for (const [socket, answers] of this.#answers) {
      if (answers.size === 0) socket.destroy();
      for (const res of answers) announceEnd(res);
    }
  }

  /** Cuts what is left. */
  cut(): void {
    for (const socket of this.#answers.keys()) socket.destroy();
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
