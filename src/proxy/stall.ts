import type { Socket } from 'node:net';

/** How long the other side of a connection has taken nothing of what waits for it; to be looked at from time to time. */
export class Stall {
  #taken = -1;
  #milliseconds = 0;

  constructor(private readonly socket: Socket) {}

  /** Milliseconds until now, `passed` of them since the last look. */
  look(passed: number): number {
    const { socket } = this;
    const queued = socket.writableLength;
    const taken = queued === 0 ? this.#taken : socket.bytesWritten - queued;
    this.#milliseconds = queued > 0 && taken === this.#taken ? this.#milliseconds + passed : 0;
    this.#taken = taken;
    return this.#milliseconds;
  }
}
