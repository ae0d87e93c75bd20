import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Ticker } from './ticker.js';

/** Where a pool connects to, and how long it keeps what it opened. */
export interface PoolOptions {
  readonly host: string;
  /** What is connected to, when it is known already; `host` is then what TLS goes by. */
  readonly address?: string;
  readonly port: number;
  /** Present: TLS. `servername` defaults to `host` unless that is an IP address. */
  readonly tls?: ConnectionOptions;
  /** Idle connections kept for reuse. */
  readonly size: number;
  /** Milliseconds an idle connection is kept; an upstream's shorter `Keep-Alive: timeout` wins. */
  readonly idleTimeout: number;
  /** Requests sent over one connection before it is closed. */
  readonly requests: number;
  /** Bytes of a response head, or of a trailer section, above which a response is refused; 64 KiB by default. */
  readonly headLimit?: number;
  /** The clock for timeouts; pools may share one. By default a pool has its own. */
  readonly ticker?: Ticker;
}

/** Milliseconds; `Infinity` switches one off. They end between 1 × and 1 × + two ticks of the pool's ticker. */
export interface Timeouts {
  /** Until the connection (and its TLS session) is established. */
  readonly connect: number;
  /** Between two moments at which the upstream takes bytes of the request. */
  readonly send: number;
  /** From the end of the request to the response's head, whole, and then between two reads; stands still while the sink has paused. */
  readonly read: number;
}

/** A request, already serialised by the caller. CONNECT is not supported. */
export interface UpstreamRequest {
  readonly method: string;
  /** Request line, fields and the empty line, as latin1; sent untouched. */
  readonly head: string;
  /** Bytes of the body that `head` announces (0: none), or `chunked` to have the chunks encoded here. */
  readonly body: number | 'chunked';
  readonly timeouts: Timeouts;
  /** The head carries `Expect: 100-continue`: it leaves at once, and the read timeout runs until the body begins. */
  readonly expectContinue?: boolean;
  /** Takes a fresh connection, whatever waits in the pool. */
  readonly fresh?: boolean;
  /** A 101 is welcome. Takes a fresh connection. */
  readonly upgrade?: boolean;
}

/** How the end of a response body is told (RFC 9112 section 6.3). */
export type Framing = 'length' | 'chunked' | 'close' | 'none';

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /**
   * Names and values in turn, as sent, without the fields that end at this hop: Connection and what it
   * lists, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding, Upgrade. Equal Content-Lengths are
   * merged into one, written without leading zeros; 1xx and 204 lose theirs. A 101 keeps Connection and Upgrade.
   */
  readonly headers: string[];
  readonly framing: Framing;
  /** Bytes of the body where `framing` is `length`, otherwise -1. */
  readonly length: number;
}

/**
 * Where a response goes. Nothing is called before `send` returned, after `onWhole`, `onEnd`,
 * `onUpgrade` or `onFault`, nor after `abort`. What a sink throws destroys the connection and
 * surfaces as an uncaught exception, as from any event listener.
 */
export interface ResponseSink {
  /** A small response which arrived at once, in one call instead of onHead, onData, onEnd; `body` is latin1. */
  onWhole?(head: ResponseHead, body: string): void;
  onInformational(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** `false` pauses; the rest of one read (up to 128 KiB) may still follow. The chunk is the sink's to keep. */
  onData(chunk: Buffer): boolean;
  /**
   * The response is complete. `trailers` are names and values in turn. A request body that is still
   * being sent is cut short here: what is written from now on is discarded.
   */
  onEnd(trailers: readonly string[]): void;
  /** `write` returned false, and more may be written now. */
  onDrain(): void;
  /** The connection is the sink's from here on; it is paused, and listeners must be attached in this call. */
  onUpgrade(head: ResponseHead, socket: Socket, first: Buffer): void;
  onFault(fault: UpstreamFault): void;
}

/** One request on its way. */
export interface UpstreamExchange {
  /** Sends a piece of the body; `false`, as until there is a connection, asks to wait for `onDrain`. Must not be modified afterwards. */
  write(chunk: Uint8Array): boolean;
  /** Ends the body; trailers (names and values in turn) are sent where it is chunked. */
  end(trailers?: readonly string[]): void;
  /** Continues a response that `onData` paused. */
  resume(): void;
  /** Gives up: destroys the connection, unless the response is complete. */
  abort(): void;
}

/**
 * What went wrong: `connect` (refused, unresolved, TLS), the three timeouts, `reset` (closed or
 * broken before the response was complete), `protocol` (the response is not valid HTTP/1),
 * `request` (the caller wrote more or less than `body` promised).
 */
export type FaultKind =
  | 'connect' | 'connect-timeout' | 'send-timeout' | 'read-timeout' | 'reset' | 'protocol' | 'request';

/** The failure of an exchange, told to its sink once. */
export interface UpstreamFault {
  readonly kind: FaultKind;
  /** The system's or OpenSSL's error code, where there was one. */
  readonly code: string | undefined;
  readonly message: string;
  /** The connection had served another request before. */
  readonly reusedSocket: boolean;
  /** Bytes of this request handed to the connected socket; 0: none can have left. */
  readonly bytesSent: number;
  /** `onHead` was called, so the client may have seen a part of the response. */
  readonly responseStarted: boolean;
  /** A reused connection was closed before anything of a response: if the request may be repeated, repeat it. */
  readonly retryable: boolean;
}

/** Connections of a pool; those connecting count as busy. */
export interface PoolStats {
  readonly open: number;
  readonly idle: number;
  readonly busy: number;
}
