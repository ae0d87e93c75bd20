import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The answers that each connection still waits for; several when the client sends requests in one go. When the
 * connection ends, Node tells only the first of them: the others are told here, or their requests would never end.
 */
export class PendingAnswers {
  readonly #bySocket = new WeakMap<Duplex, Set<ServerResponse>>();

  add(socket: Duplex, res: ServerResponse): void {
    const answers = this.#bySocket.get(socket) ?? this.#watch(socket);
    answers.add(res);
    res.once('close', () => answers.delete(res));
  }

  has(socket: Duplex): boolean {
    return (this.#bySocket.get(socket)?.size ?? 0) > 0;
  }

  #watch(socket: Duplex): Set<ServerResponse> {
    const answers = new Set<ServerResponse>();
    this.#bySocket.set(socket, answers);
    // after Node's own listeners: what is left then has been told nothing
    socket.once('close', () => setImmediate(() => {
      for (const res of answers) {
        res.destroy();
        res.emit('close');
      }
    }));
    return answers;
  }
}
