import type { Socket } from 'node:net';
import { closeFrame, FrameCursor } from './frames.js';
import { Stall } from './stall.js';

/** One end of a tunnel, and what it sent before the tunnel was open. */
export interface End {
  readonly socket: Socket;
  readonly first: readonly Buffer[];
}

/** Milliseconds that a side may take to end after the other, as long as nothing moves. */
const LINGER_MS = 2_000;
/** How often that is granted again because something moved. */
const EXTENSIONS = 15;
/** Milliseconds of silence after which the system asks whether a side is still there. */
const KEEP_ALIVE_MS = 60_000;

/** A WebSocket through the gateway: two sockets, joined. It knows its route by name only, so that no routing table is kept for it. */
export class Tunnel {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #stalls: readonly Stall[];
  /** The direction that a Close frame of ours can be put into. */
  readonly #frames = new FrameCursor();
  #code: number | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #open = 2;

  /** `over` is called when both sockets are closed. */
  constructor(readonly routeId: string, client: End, upstream: End, private readonly over: () => void) {
    this.#client = client.socket;
    this.#upstream = upstream.socket;
    this.#stalls = [new Stall(client.socket), new Stall(upstream.socket)];
    this.#join(client, this.#upstream, (chunk) => this.#toUpstream(chunk));
    this.#join(upstream, this.#client, (chunk) => this.#toClient(chunk));
  }

  /** Closes it after some milliseconds, unless it is spared. */
  expire(code: number, milliseconds: number): void {
    this.#expiry ??= setTimeout(() => this.close(code), milliseconds);
  }

  /** Takes `expire` back. */
  spare(): void {
    clearTimeout(this.#expiry);
    this.#expiry = undefined;
  }

  /** Ends it with a Close frame to the client, as soon as no other frame is on its way. The client's own Close still goes through. */
  close(code: number): void {
    if (this.#code !== undefined) return;
    this.#code = code;
    this.#awaitEnd();
    if (this.#frames.between) this.#sayClose(code);
  }

  /**
   * Cuts it when a side has taken nothing for `limit` milliseconds, `passed` of them since the last look: the other side
   * is not read meanwhile, so that nobody would notice that it is gone.
   */
  check(passed: number, limit: number): void {
    for (const stall of this.#stalls) if (stall.look(passed) >= limit) this.destroy();
  }

  /** Cuts it. */
  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #join({ socket, first }: End, to: Socket, pass: (chunk: Buffer) => boolean): void {
    const forward = (chunk: Buffer): void => {
      if (!pass(chunk)) socket.pause();
    };
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', forward);
    to.on('drain', () => socket.resume());
    socket.on('end', () => this.#end(to));
    socket.on('error', () => socket.destroy());
    socket.on('close', (failed: boolean) => this.#closed(to, failed));
    socket.resume();
    first.forEach(forward);
  }

  #toUpstream(chunk: Buffer): boolean {
    return !this.#upstream.writable || this.#upstream.write(chunk);
  }

  #toClient(chunk: Buffer): boolean {
    // after its end what still comes is read and dropped: unread, it would reset the connection
    if (!this.#client.writable) return true;
    if (this.#code === undefined) {
      this.#frames.advance(chunk);
      return this.#client.write(chunk);
    }
    const end = this.#frames.next(chunk, 0);
    const free = this.#client.write(chunk.subarray(0, end));
    if (!this.#frames.between) return free;
    this.#sayClose(this.#code);
    return true;
  }

  #sayClose(code: number): void {
    if (this.#client.writable && !this.#frames.closing) this.#client.write(closeFrame(code));
    this.#end(this.#client);
    this.#upstream.resume();
  }

  /** Nothing more will be written to a side. */
  #end(to: Socket): void {
    if (to.writable) to.end();
    to.resume();
    this.#awaitEnd();
  }

  #closed(other: Socket, failed: boolean): void {
    this.#end(other);
    // nobody is left who could answer it
    if (failed) other.destroySoon();
    if (--this.#open > 0) return;
    clearTimeout(this.#linger);
    this.spare();
    this.over();
  }

  /** Its end has begun: it is cut when nothing moves any more. */
  #awaitEnd(): void {
    this.#linger ??= this.#watch(EXTENSIONS);
  }

  #watch(extensions: number): NodeJS.Timeout {
    const moved = this.#moved();
    return setTimeout(() => {
      if (extensions === 0 || this.#moved() === moved) this.destroy();
      else this.#linger = this.#watch(extensions - 1);
    }, LINGER_MS);
  }

  /** Bytes that the two sides have taken. */
  #moved(): number {
    return [this.#client, this.#upstream].reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0);
  }
}
