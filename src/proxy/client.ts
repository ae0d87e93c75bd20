import type { Socket } from 'node:net';
import type { ClientLimits } from '../compile/clients.js';
import type { GatewayRequest, GatewayResponse } from './exchange.js';
import { Stall } from './stall.js';

/** Milliseconds that a connection stays which has been ended, for its client to read the last answer and end its side. */
const LINGER_MS = 2_000;

/** In what a client is too slow: in sending a body, in taking an answer, or in what is left of a connection. */
export type Late = 'sender' | 'reader' | 'rest';

/**
 * A client's connection, looked at from time to time: a request pays nothing for its timeouts. What a look finds is
 * compared with the look before, so that a limit is exceeded between 1 × and 1 × + two looks.
 */
export class Client {
  /** The last answer that it was asked for, until a look finds nothing left of it; earlier ones that are not over hang on it. */
  latest: GatewayResponse | undefined;
  /** There was one. */
  #served = false;
  /** The head of its next request is late, while answers are on their way to it. */
  headLate = false;
  /** The request whose body is measured, and the bytes of the connection when that began. */
  #body: GatewayRequest | undefined;
  #begun = 0;
  /** Milliseconds that its body was waited for, and those since the last piece. */
  #waited = 0;
  #quiet = 0;
  #read = 0;
  readonly #stall: Stall;
  #over = 0;
  /** Milliseconds without a request, and the bytes of the connection when that began; -1 while there is one. */
  #rested = 0;
  #heard = -1;

  constructor(readonly socket: Socket) {
    this.#stall = new Stall(socket);
  }

  /** A request has come: the connection rests anew after it, also where no look finds its answer on the way. */
  begin(res: GatewayResponse): void {
    this.latest = res;
    this.headLate = false;
    this.#heard = -1;
  }

  /** Whether it still waits for an answer. */
  get waiting(): boolean {
    for (let res = this.latest; res; res = res.earlier) if (!res.over) return true;
    return false;
  }

  /** What it is too slow in, `passed` milliseconds after the last look. */
  check(passed: number, limits: ClientLimits): Late | undefined {
    if (this.#stall.look(passed) >= limits.write) return 'reader';
    if (this.#sendsTooSlowly(passed, limits)) return 'sender';
    if (this.#restsTooLong(passed, limits) || this.#staysTooLong(passed, limits)) return 'rest';
    this.#letGo();
    return undefined;
  }

  /** While it is idle a connection holds nothing of its last request, least of all the table that this was served by. */
  #letGo(): void {
    const { latest } = this;
    if (!latest?.over || this.waiting || !latest.req.complete || !latest.shouldKeepAlive) return;
    this.latest = undefined;
    this.#body = undefined;
    this.#served = true;
  }

  #sendsTooSlowly(passed: number, limits: ClientLimits): boolean {
    const { latest, socket: { bytesRead } } = this;
    if (!latest || latest.req.complete) return false;
    const still = bytesRead === this.#read;
    this.#read = bytesRead;
    if (this.#body !== latest.req) {
      this.#body = latest.req;
      this.#measure(bytesRead);
    } else if (!isAwaited(latest)) {
      this.#quiet = 0;
    } else {
      this.#waited += passed;
      this.#quiet = still ? this.#quiet + passed : 0;
      return this.#isSlow(limits);
    }
    return false;
  }

  #isSlow({ body, rate, allowance }: ClientLimits): boolean {
    const slow = this.#quiet >= body || (rate > 0 && this.#waited >= allowance + ((this.#read - this.#begun) / rate) * 1000);
    // who is blamed starts afresh: it is given the time to take its answer and to go
    if (slow) this.#measure(this.#read);
    return slow;
  }

  #measure(from: number): void {
    this.#begun = from;
    this.#waited = 0;
    this.#quiet = 0;
  }

  #restsTooLong(passed: number, { idle, header }: ClientLimits): boolean {
    const { latest, socket: { bytesRead } } = this;
    const rests = (latest ? latest.over : this.#served) && !this.waiting;
    // from the first look that finds it so
    this.#rested = rests && this.#heard >= 0 ? this.#rested + passed : 0;
    if (!rests) this.#heard = -1;
    else if (this.#heard < 0) this.#heard = bytesRead;
    // a head that has begun has a limit of its own; what only looks like one has not
    return this.#rested >= (bytesRead === this.#heard || !rests ? idle : idle + header);
  }

  #staysTooLong(passed: number, { header }: ClientLimits): boolean {
    const ended = this.socket.writableFinished;
    this.#over = ended || (this.headLate && !this.waiting) ? this.#over + passed : 0;
    return this.#over >= (ended ? LINGER_MS : header);
  }
}

/** Whether it is the client's turn to send: it has been told to, if it asked, and nobody behind the gateway makes it wait. */
function isAwaited({ req, headersSent }: GatewayResponse): boolean {
  return req.readableFlowing === true && !req.socket.isPaused() && (!req.expectsContinue || req.continued || headersSent);
}
