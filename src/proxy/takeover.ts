import type { Socket } from 'node:net';
import type { Connections } from './connections.js';
import { GatewayResponse, type GatewayRequest } from './exchange.js';
import type { End } from './tunnel.js';

/** How much a client may send before its tunnel is open; properly it sends nothing (RFC 6455, section 4.1). */
const EARLY = 64 * 1024;

/**
 * The answer to a request whose connection Node has let go of. It is an answer like any other, and the last one on its
 * connection; what Node does for others about their connection is done here.
 */
export function takeOver(req: GatewayRequest, head: Buffer, connections: Connections): GatewayResponse {
  const res = new GatewayResponse(req);
  res.shouldKeepAlive = false;
  res.takeover = new Takeover(req.socket, head, res, connections);
  res.assignSocket(req.socket);
  return res;
}

/** A connection between its request for a tunnel and the answer. */
export class Takeover {
  readonly #early: Buffer[] = [];
  #size = 0;

  constructor(private readonly socket: Socket, head: Buffer, private readonly res: GatewayResponse, private readonly connections: Connections) {
    if (head.length > 0) this.#take(head);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
    res.once('finish', () => this.#finish());
    // also to notice that the client leaves
    socket.resume();
  }

  /** Ends the answer, which must be a 101, and hands the connection over: nothing of the exchange is left on it. */
  release(): End {
    const { socket, res, connections } = this;
    res.end();
    for (const [event, listener] of this.#listeners) socket.off(event, listener);
    socket.pause();
    socket.setTimeout(0);
    res.takeover = undefined;
    res.client = undefined;
    res.detachSocket(socket);
    connections.release(socket);
    // for the client it has only begun, but the request is over
    res.emit('close');
    return { socket, first: this.#early };
  }

  readonly #listeners: readonly (readonly [string, (data: Buffer) => void])[] = [
    ['data', (chunk) => this.#take(chunk)],
    // a client that ends has left, as in HTTP
    ['end', () => void (this.res.writableEnded || this.socket.destroy())],
    ['drain', () => void this.res.emit('drain')],
    ['timeout', () => void this.socket.destroy()],
    ['error', () => void this.socket.destroy()],
  ];

  #take(chunk: Buffer): void {
    this.#size += chunk.length;
    this.#early.push(chunk);
    // not paused: then nobody would notice that it leaves
    if (this.#size > EARLY) this.socket.destroy();
  }

  /** An answer without a tunnel. */
  #finish(): void {
    if (this.res.takeover) this.socket.destroySoon();
  }
}
