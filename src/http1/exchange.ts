import type { Connection } from './connection.js';
import { encodeLastChunk } from './parse/trailers.js';
import type { ResponseSink, UpstreamExchange, UpstreamFault, UpstreamRequest } from './types.js';

/** Pieces up to this size are joined with what surrounds them; larger ones are not worth the copy. */
const JOIN = 8 * 1024;
const NO_TRAILERS: readonly string[] = Object.freeze([]);

/** The request side of an exchange: frames the body, and never lets it differ from what the head announced. */
export class Exchange implements UpstreamExchange {
  readonly request: UpstreamRequest;
  readonly sink: ResponseSink;
  /** Undefined once the exchange is over, for whatever reason. */
  connection: Connection | undefined;
  /** The connection had served another request. */
  readonly reused: boolean;
  /** Bytes handed to the socket. */
  sent = 0;
  /** The request is complete. */
  complete = false;
  /** The body has begun, or been asked for: until it ends it is the caller's turn. */
  begun = false;
  /** `write` returned false. */
  blocked = false;
  /** Body bytes still due, where they are counted. */
  #due: number;
  /** The head, until it leaves with the first piece of the body. */
  #head: string;

  constructor(request: UpstreamRequest, sink: ResponseSink, connection: Connection) {
    this.request = request;
    this.sink = sink;
    this.connection = connection;
    this.reused = connection.served > 1;
    this.#due = request.body === 'chunked' ? -1 : request.body;
    this.#head = request.head;
  }

  /** Sends the head, at once or with the first piece of the body. */
  begin(): void {
    if (this.request.body === 0) this.#send('', undefined, '', true);
    else if (this.request.expectContinue === true) this.#send('', undefined, '', false);
    else setImmediate(flushHead, this);
  }

  /** Whether it is the upstream's turn: nothing more will be sent before it says something. */
  get awaiting(): boolean {
    return this.complete || (this.request.expectContinue === true && !this.begun);
  }

  write(chunk: Uint8Array): boolean {
    // No onDrain would follow once the exchange is over.
    if (this.connection === undefined) return true;
    if (chunk.length === 0) return !this.blocked;
    if (this.complete) return this.#mismatch('more');
    this.begun = true;
    if (this.#due < 0) return this.#send(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n', false);
    if (chunk.length > this.#due) return this.#mismatch('more');
    this.#due -= chunk.length;
    return this.#send('', chunk, '', this.#due === 0);
  }

  end(trailers: readonly string[] = NO_TRAILERS): void {
    if (this.connection === undefined || this.complete) return;
    this.begun = true;
    if (this.#due < 0) this.#send(encodeLastChunk(trailers), undefined, '', true);
    else this.#mismatch('less');
  }

  resume(): void {
    this.connection?.resume();
  }

  abort(): void {
    this.connection?.drop();
  }

  /** Sends the head if it still waits for a body. */
  flushHead(): void {
    if (this.#head !== '') this.#send('', undefined, '', false);
  }

  #send(prefix: string, chunk: Uint8Array | undefined, suffix: string, last: boolean): boolean {
    const connection = this.connection;
    if (connection === undefined) return true;
    const lead = this.#head + prefix;
    this.#head = '';
    this.sent += lead.length + (chunk === undefined ? 0 : chunk.length) + suffix.length;
    this.complete = last;
    const waits = chunk !== undefined && !last && !connection.connected;
    // a body that waits for its connection can still go elsewhere: no more of it is asked for than need be
    const free = writePieces(connection, lead, chunk, suffix) && !waits;
    if (last) connection.progressed();
    if (!free) this.blocked = true;
    return free;
  }

  // Sending on would make bytes of this body the next request on the connection, or the reverse.
  #mismatch(how: string): boolean {
    const { connection } = this;
    if (connection === undefined) return true;
    connection.drop();
    const message = `the request body has ${how} bytes than announced`;
    process.nextTick(tell, this.sink, connection.describe(this, 'request', message, undefined));
    return true;
  }
}

function writePieces(connection: Connection, lead: string, chunk: Uint8Array | undefined, suffix: string): boolean {
  const socket = connection.socket;
  if (chunk === undefined) return lead === '' || socket.write(lead, 'latin1');
  if (lead === '' && suffix === '') return socket.write(chunk);
  if (chunk.length <= JOIN) return socket.write(lead + latin1(chunk) + suffix, 'latin1');
  socket.cork();
  if (lead !== '') socket.write(lead, 'latin1');
  let free = socket.write(chunk);
  if (suffix !== '') free = socket.write(suffix, 'latin1');
  socket.uncork();
  return free;
}

function latin1(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
}

function flushHead(exchange: Exchange): void {
  exchange.flushHead();
}

function tell(sink: ResponseSink, fault: UpstreamFault): void {
  sink.onFault(fault);
}
