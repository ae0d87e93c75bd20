import { BAD, BlockScanner, MORE } from './block.js';
import { ChunkedDecoder } from './chunked.js';
import { Fields, readFields } from './fields.js';
import { type ParsedHead, parseHead } from './head.js';
import { allowedTrailers } from './trailers.js';

/** What a parser tells, in this order: informational*, then upgrade, whole, or head data* end. */
export interface ParserEvents {
  parsedInformational(head: ParsedHead): void;
  parsedHead(head: ParsedHead): void;
  parsedData(chunk: Buffer): void;
  /** `clean`: nothing followed the response. */
  parsedEnd(trailers: readonly string[], clean: boolean): void;
  parsedWhole(head: ParsedHead, body: string): void;
  parsedUpgrade(head: ParsedHead, first: Buffer): void;
}

const HEAD = 0;
const LENGTH = 1;
const UNTIL_CLOSE = 2;
const CHUNKS = 3;
const TRAILERS = 4;
const STOPPED = 5;

const MAX_INFORMATIONAL = 20;
const MAX_WHOLE = 16 * 1024;
const NO_TRAILERS: readonly string[] = Object.freeze([]);
const START = 'HTTP/1.';

/**
 * A strict, incremental parser of responses (RFC 9112), one after the other on a connection. It
 * guesses at nothing: what two parsers might read in two ways is refused.
 */
export class ResponseParser {
  readonly #events: ParserEvents;
  readonly #block: BlockScanner;
  readonly #chunks = new ChunkedDecoder();
  /** The bytes given to `execute` are overwritten after it, so what is handed on must be copied. */
  readonly #borrowed: boolean;
  #state = STOPPED;
  #toHead = false;
  #upgrade = false;
  #whole = false;
  #left = 0;
  #informational = 0;
  #failure: string | undefined;

  constructor(events: ParserEvents, headLimit: number, borrowed: boolean) {
    this.#events = events;
    this.#block = new BlockScanner(headLimit);
    this.#borrowed = borrowed;
  }

  /**
   * Makes ready for the response to a new request: whether that was a HEAD, whether a 101 is welcome,
   * and whether small responses may be told by parsedWhole.
   */
  begin(toHead: boolean, upgrade: boolean, whole: boolean): void {
    this.#toHead = toHead;
    this.#upgrade = upgrade;
    this.#whole = whole;
    this.#state = HEAD;
    this.#informational = 0;
    this.#failure = undefined;
    this.#block.reset();
  }

  /** Tells nothing more, whatever is left of the bytes at hand. */
  stop(): void {
    this.#state = STOPPED;
  }

  /** Reads the first `end` bytes; returns what is wrong with them, if anything. */
  execute(bytes: Buffer, end: number): string | undefined {
    let at = 0;
    while (at < end && this.#state !== STOPPED) at = this.#step(bytes, at, end);
    return this.#failure;
  }

  /** The connection has ended: completes a body that lasts until then, and tells whether it was one. */
  finish(): boolean {
    if (this.#state !== UNTIL_CLOSE) return false;
    this.#end(NO_TRAILERS, false);
    return true;
  }

  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case HEAD: return this.#head(bytes, at, end);
      case LENGTH: return this.#counted(bytes, at, end);
      case CHUNKS: return this.#chunked(bytes, at, end);
      case TRAILERS: return this.#trailers(bytes, at, end);
      default:
        this.#events.parsedData(this.#own(bytes, at, end));
        return end;
    }
  }

  #head(bytes: Buffer, start: number, end: number): number {
    const at = this.#block.scan(bytes, start, end);
    if (at === BAD) return this.#fail(`head: ${this.#block.failure}`, end);
    if (at === MORE) {
      if (!this.#mayBecomeHead()) return this.#fail('not an HTTP/1 response', end);
      return end;
    }
    const head = parseHead(this.#block.text, this.#toHead);
    if (typeof head === 'string') return this.#fail(head, end);
    if (head.status >= 200) return this.#final(head, bytes, at, end);
    if (head.status === 101) return this.#switch(head, bytes, at, end);
    if (++this.#informational > MAX_INFORMATIONAL) return this.#fail('too many informational responses', end);
    this.#events.parsedInformational(head);
    return at;
  }

  // A server of another protocol may wait for us after a greeting without a line end.
  #mayBecomeHead(): boolean {
    const partial = this.#block.partial;
    return partial.length < START.length ? START.startsWith(partial) : partial.startsWith(START);
  }

  #switch(head: ParsedHead, bytes: Buffer, at: number, end: number): number {
    if (!this.#upgrade) return this.#fail('unexpected 101', end);
    this.#state = STOPPED;
    this.#events.parsedUpgrade(head, this.#own(bytes, at, end));
    return end;
  }

  #final(head: ParsedHead, bytes: Buffer, at: number, end: number): number {
    const length = head.framing === 'none' ? 0 : head.length;
    if (this.#whole && length === end - at && length <= MAX_WHOLE) {
      this.#state = STOPPED;
      this.#events.parsedWhole(head, length === 0 ? '' : bytes.toString('latin1', at, end));
      return end;
    }
    this.#left = length;
    this.#chunks.reset();
    this.#state = head.framing === 'chunked' ? CHUNKS : head.framing === 'close' ? UNTIL_CLOSE : LENGTH;
    this.#events.parsedHead(head);
    if (length === 0 && this.#state === LENGTH) this.#end(NO_TRAILERS, at === end);
    return at;
  }

  #counted(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left);
    this.#left -= stop - at;
    this.#events.parsedData(this.#own(bytes, at, stop));
    if (this.#left === 0 && this.#state === LENGTH) this.#end(NO_TRAILERS, stop === end);
    return stop;
  }

  #chunked(bytes: Buffer, start: number, end: number): number {
    const at = this.#chunks.skip(bytes, start, end);
    if (this.#chunks.failure !== undefined) return this.#fail(this.#chunks.failure, end);
    if (this.#chunks.last) this.#state = TRAILERS;
    else if (at < end) return this.#chunkData(bytes, at, end);
    return at;
  }

  #chunkData(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#chunks.left);
    this.#chunks.take(stop - at);
    this.#events.parsedData(this.#own(bytes, at, stop));
    return stop;
  }

  #trailers(bytes: Buffer, start: number, end: number): number {
    const at = this.#block.scan(bytes, start, end);
    if (at === MORE) return end;
    if (at === BAD) return this.#fail(`trailers: ${this.#block.failure}`, end);
    const fields = new Fields();
    const failure = readFields(this.#block.text, 0, fields);
    if (failure !== undefined) return this.#fail(`trailers: ${failure}`, end);
    this.#end(fields.raw.length === 0 ? NO_TRAILERS : allowedTrailers(fields.raw), at === end);
    return at;
  }

  #end(trailers: readonly string[], clean: boolean): void {
    this.#state = STOPPED;
    this.#events.parsedEnd(trailers, clean);
  }

  #own(bytes: Buffer, at: number, end: number): Buffer {
    if (!this.#borrowed) return bytes.subarray(at, end);
    const copy = Buffer.allocUnsafe(end - at);
    bytes.copy(copy, 0, at, end);
    return copy;
  }

  #fail(reason: string, end: number): number {
    this.#state = STOPPED;
    this.#failure = reason;
    return end;
  }
}
