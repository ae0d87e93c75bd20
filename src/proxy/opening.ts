import type { Socket } from 'node:net';

/** Connections whose first bytes are being waited for. */
export class Openings {
  readonly #open = new Set<Socket>();
  #ended = false;

  /**
   * Hands a connection on once its first bytes say what it is; `judge` is given all of them so far, and says undefined to
   * see more. One that says nothing within `limit` milliseconds is closed. The bytes stay on the connection to be read again.
   */
  read<V>(socket: Socket, limit: number, judge: (bytes: Buffer) => V | undefined, then: (verdict: V) => void): void {
    if (this.#ended) return void socket.destroy();
    let bytes = Buffer.alloc(0);
    const close = (): void => void socket.destroy();
    const timer = setTimeout(close, limit);
    const leave = (): void => {
      clearTimeout(timer);
      this.#open.delete(socket);
      socket.off('readable', look).off('end', close).off('error', close).off('close', leave);
    };
    const look = (): void => {
      const more = socket.read() as Buffer | null;
      if (more === null) return;
      bytes = Buffer.concat([bytes, more]);
      const verdict = judge(bytes);
      if (verdict === undefined) return;
      leave();
      socket.unshift(bytes);
      then(verdict);
    };
    this.#open.add(socket);
    socket.on('readable', look).on('end', close).on('error', close).on('close', leave);
  }

  /** Whether no further connection is wanted. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Closes those that have said nothing yet, and those that come. */
  close(): void {
    this.#ended = true;
    for (const socket of this.#open) socket.destroy();
  }
}
