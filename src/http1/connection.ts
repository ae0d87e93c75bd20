import type { Socket } from 'node:net';
import { Exchange } from './exchange.js';
import type { ParsedHead } from './parse/head.js';
import { type ParserEvents, ResponseParser } from './parse/response.js';
import type { Roster } from './roster.js';
import { openBorrowing, openOwning, type SocketEvents } from './socket.js';
import { overdue } from './timeouts.js';
import type { FaultKind, ResponseSink, UpstreamFault, UpstreamRequest } from './types.js';

/** One connection to an upstream, and the exchange that is on it, if any. */
export class Connection implements ParserEvents, SocketEvents {
  readonly socket: Socket;
  /** Undefined while idle, and when over. */
  exchange: Exchange | undefined;
  connected = false;
  /** The sink has asked to wait. */
  paused = false;
  /** Requests begun. */
  served = 0;
  /** Ticker time of the last sign of progress. */
  activeAt: number;
  /** Bytes that the socket had queued at the last tick. */
  queued = 0;
  /** Milliseconds it may be idle. */
  idleLimit: number;
  readonly #roster: Roster;
  readonly #parser: ResponseParser;
  #heard = false;
  #headTold = false;
  #persistent = false;
  #released = false;

  /** `takeover`: the socket may have to be handed to the sink. */
  constructor(roster: Roster, takeover: boolean) {
    const { options } = roster;
    const owning = takeover || options.tls !== undefined;
    this.#roster = roster;
    this.activeAt = roster.ticker.now;
    this.idleLimit = options.idleTimeout;
    this.#parser = new ResponseParser(this, options.headLimit ?? 64 * 1024, !owning);
    this.socket = owning ? openOwning(options, roster.session, this) : openBorrowing(options, roster.buffer, this);
  }

  /** Puts a new exchange on the connection. */
  start(request: UpstreamRequest, sink: ResponseSink): Exchange {
    this.served++;
    const exchange = new Exchange(request, sink, this);
    this.exchange = exchange;
    this.#heard = false;
    this.#headTold = false;
    this.progressed();
    this.#parser.begin(request.method === 'HEAD', request.upgrade === true, sink.onWhole !== undefined);
    exchange.begin();
    return exchange;
  }

  /** Notes a sign of life: what timeouts count from. */
  progressed(): void {
    this.activeAt = this.#roster.ticker.now;
  }

  /** Reads on after a pause. */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.progressed();
    this.socket.resume();
  }

  /** Takes the exchange off, and destroys the connection. */
  drop(): void {
    this.#leave();
    this.socket.destroy();
  }

  /** The fault of an exchange which this connection carried last. */
  describe(exchange: Exchange, kind: FaultKind, message: string, code?: string): UpstreamFault {
    return {
      kind,
      code,
      message,
      reusedSocket: exchange.reused,
      bytesSent: this.connected ? exchange.sent : 0,
      responseStarted: this.#headTold,
      retryable: kind === 'reset' && exchange.reused && !this.#heard,
    };
  }

  /** Ends what has taken too long. */
  check(now: number): void {
    const late = overdue(this, now, this.#roster.ticker.interval);
    if (late === 'idle-timeout') this.drop();
    else if (late !== undefined) this.#fail(late, 'the upstream took too long');
  }

  established(): void {
    this.connected = true;
    if (this.socket.writableNeedDrain) this.progressed();
    else this.drained();
  }

  session(session: Buffer): void {
    this.#roster.session = session;
  }

  received(bytes: Buffer, length: number): void {
    const { exchange } = this;
    // Nothing was asked: these bytes could only be taken for the answer to a later request.
    if (exchange === undefined) return this.#released ? undefined : this.drop();
    // a head counts when it is whole, or an upstream that drips it would hold the exchange for hours
    if (this.#headTold) this.progressed();
    this.#heard = true;
    let threw = true;
    try {
      const failure = this.#parser.execute(bytes, length);
      threw = false;
      if (failure !== undefined) this.#fail('protocol', failure);
    } finally {
      if (threw && this.exchange === exchange) this.drop();
    }
  }

  drained(): void {
    const { exchange } = this;
    this.progressed();
    if (!this.connected || !exchange?.blocked) return;
    exchange.blocked = false;
    let threw = true;
    try {
      exchange.sink.onDrain();
      threw = false;
    } finally {
      if (threw && this.exchange === exchange) this.drop();
    }
  }

  ended(): void {
    if (this.exchange === undefined) return this.#released ? undefined : this.drop();
    if (this.#parser.finish()) return;
    this.#fail(this.connected ? 'reset' : 'connect', 'the upstream closed the connection', 'EOF');
  }

  failed(error: NodeJS.ErrnoException): void {
    if (!this.#released) this.#fail(this.connected ? 'reset' : 'connect', error.message, error.code);
  }

  parsedInformational(head: ParsedHead): void {
    if (this.exchange === undefined) return;
    this.progressed();
    if (head.status === 100) this.exchange.begun = true;
    this.exchange.sink.onInformational(head);
  }

  parsedHead(head: ParsedHead): void {
    this.#note(head);
    this.progressed();
    this.#headTold = true;
    this.exchange?.sink.onHead(head);
  }

  parsedData(chunk: Buffer): void {
    if (this.exchange === undefined || this.exchange.sink.onData(chunk)) return;
    // The sink may have aborted in the call.
    if (this.paused || this.exchange === undefined) return;
    this.paused = true;
    this.socket.pause();
  }

  parsedWhole(head: ParsedHead, body: string): void {
    this.#note(head);
    this.#finish(true)?.onWhole?.(head, body);
  }

  parsedEnd(trailers: readonly string[], clean: boolean): void {
    this.#finish(clean)?.onEnd(trailers);
  }

  parsedUpgrade(head: ParsedHead, first: Buffer): void {
    const { exchange, socket } = this;
    this.#leave();
    this.#released = true;
    socket.pause();
    socket.removeAllListeners('data');
    exchange?.sink.onUpgrade(head, socket, first);
  }

  #note(head: ParsedHead): void {
    this.#persistent = head.persistent;
    if (head.keepAliveTimeout < 0) return;
    // A second early, so that a request does not cross with the upstream's FIN.
    this.idleLimit = Math.min(this.#roster.options.idleTimeout, head.keepAliveTimeout * 1000 - 1000);
  }

  // Done before the sink hears of it, so that what it sends next can use the connection.
  #finish(clean: boolean): ResponseSink | undefined {
    const { exchange } = this;
    if (exchange === undefined) return undefined;
    if (!clean || !this.#reusable(exchange)) this.drop();
    else {
      this.#detach();
      this.resume();
      this.progressed();
      this.#roster.release(this);
    }
    return exchange.sink;
  }

  #reusable(exchange: Exchange): boolean {
    return this.#persistent && exchange.complete && this.socket.writableLength === 0 && this.idleLimit > 0
      && this.served < this.#roster.options.requests;
  }

  #fail(kind: FaultKind, message: string, code?: string): void {
    const { exchange } = this;
    this.drop();
    exchange?.sink.onFault(this.describe(exchange, kind, message, code));
  }

  #leave(): void {
    this.#detach();
    this.#parser.stop();
    this.#roster.remove(this);
  }

  #detach(): void {
    if (this.exchange !== undefined) this.exchange.connection = undefined;
    this.exchange = undefined;
  }
}
