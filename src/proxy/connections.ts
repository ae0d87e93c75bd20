import type { Socket } from 'node:net';
import type { ClientLimits } from '../compile/clients.js';
import { LoopTicker } from '../http1/index.js';
import { Client, type Late } from './client.js';
import type { GatewayResponse } from './exchange.js';
import { reset } from './reset.js';

/** How long a request may be on its way, and wait to be read by a busy gateway. */
const LINGER_MS = 100;
/** Milliseconds between two looks at all connections. */
const LOOK_MS = 250;

/** The timeouts of Node's own HTTP server. */
interface Timed {
  headersTimeout: number;
  keepAliveTimeout: number;
}

/** What HTTP/1.1 clients are told of `idle`, so that they do not send into a connection that is being closed. */
const hintOf = ({ idle }: ClientLimits): string => `timeout=${Math.floor(idle / 1000)}`;

/**
 * The clients' connections and the answers that each still waits for; several when a client sends requests in one go.
 *
 * Of answers that wait behind another, Node tells none when their connection is lost; here each of them ends. And a
 * shutdown can end each connection as soon as its last answer is through: Node's own `closeIdleConnections` takes one
 * for idle while an answer is still being written to a slow client, and cuts it.
 */
export class Connections {
  readonly #clients = new Map<Socket, Client>();
  readonly #servers: Timed[] = [];
  readonly #ticker = new LoopTicker(LOOK_MS);
  #limits: ClientLimits;
  #hint: string;
  #looked = 0;
  #ending = false;

  constructor(limits: ClientLimits) {
    this.#limits = limits;
    this.#hint = hintOf(limits);
  }

  /** Keep-Alive, for answers whose connection stays. */
  get hint(): string {
    return this.#hint;
  }

  /** Sets what is asked of clients from now on. */
  limit(limits: ClientLimits): void {
    this.#limits = limits;
    this.#hint = hintOf(limits);
    for (const server of this.#servers) this.#apply(server);
  }

  /** Keeps the timeout of a server that is Node's own matter: for heads. */
  follow(server: Timed): void {
    this.#servers.push(server);
    this.#apply(server);
  }

  /** How many are open. */
  get size(): number {
    return this.#clients.size;
  }

  open(socket: Socket): void {
    if (this.#clients.size === 0) this.#ticker.watch(this.#look);
    this.#clients.set(socket, new Client(socket));
    socket.once('close', () => {
      // after Node's own listeners: what is left then has been told nothing
      setImmediate(() => this.#lose(socket));
    });
  }

  /** A request has come. */
  begin(socket: Socket, res: GatewayResponse): void {
    const client = this.#clients.get(socket);
    if (!client) return;
    res.earlier = waitingOf(client.latest);
    client.begin(res);
    res.connections = this;
    res.client = socket;
    if (this.#ending) announceEnd(res);
  }

  /** An answer is over. */
  end(res: GatewayResponse): void {
    // those before it need not be: Node lets a request overtake that comes while its connection is being closed
    res.earlier = waitingOf(res.earlier);
    if (this.#ending && res.client && !this.waiting(res.client)) res.client.destroySoon();
  }

  /** Whether a connection still waits for an answer. */
  waiting(socket: Socket): boolean {
    return this.#clients.get(socket)?.waiting ?? false;
  }

  /** Whether the last answer that a connection was asked for is the last that it gets. */
  ends(socket: Socket): boolean {
    return this.#clients.get(socket)?.latest?.shouldKeepAlive === false;
  }

  /** Lets a head be late while answers are on their way: it may be they that keep it. False when there are none. */
  postpone(socket: Socket): boolean {
    const client = this.#clients.get(socket);
    if (!client?.waiting) return false;
    client.headLate = true;
    return true;
  }

  /** A connection is none of HTTP any more. */
  release(socket: Socket): void {
    this.#clients.delete(socket);
    if (this.#clients.size === 0) this.#ticker.unwatch(this.#look);
  }

  /** Ends each connection after its answers, and idle ones after a moment: a request that was sent before its client could know is answered. */
  close(): void {
    this.#ending = true;
    for (const { latest } of this.#clients.values()) for (let res = latest; res; res = res.earlier) announceEnd(res);
    setTimeout(() => {
      for (const client of this.#clients.values()) if (!client.waiting) client.socket.destroy();
    }, LINGER_MS);
  }

  /** Cuts what is left. */
  cut(): void {
    for (const socket of this.#clients.keys()) socket.destroy();
  }

  #apply(server: Timed): void {
    server.headersTimeout = this.#limits.header;
    // looked at here: Node would set a timer and take it back with every request
    server.keepAliveTimeout = 0;
  }

  readonly #look = (now: number): void => {
    const passed = now - this.#looked;
    this.#looked = now;
    for (const client of this.#clients.values()) {
      const late = client.check(passed, this.#limits);
      if (late !== undefined) end(client, late);
    }
  };

  #lose(socket: Socket): void {
    const latest = this.#clients.get(socket)?.latest;
    this.#clients.delete(socket);
    if (this.#clients.size === 0) this.#ticker.unwatch(this.#look);
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

/** The last of some answers on a connection which is not over. */
function waitingOf(latest: GatewayResponse | undefined): GatewayResponse | undefined {
  let res = latest;
  while (res?.over === true) res = res.earlier;
  return res;
}

/** Ends what a client is too slow in. */
function end({ socket, latest }: Client, late: Late): void {
  if (late === 'sender' && latest?.forwarding && !latest.writableEnded) latest.forwarding.expire();
  else if (late === 'reader') reset(socket);
  else socket.destroy();
}

/** Lets the client know that no further request is wanted on this connection. */
function announceEnd(res: GatewayResponse): void {
  if (!res.headersSent) res.shouldKeepAlive = false;
}
