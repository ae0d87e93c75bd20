import { request } from 'node:http';
import { Duplex } from 'node:stream';
import { type ParserEvents, ResponseParser } from '../../src/http1/parse/response.js';
import type { ParsedHead } from '../../src/http1/parse/head.js';

/** What a client made of the bytes of a response. */
export interface Reading {
  status: number;
  reason: string;
  headers: string[];
  body: string;
  trailers: string[];
  informational: number[];
  /** The response was told to be complete. */
  complete: boolean;
  /** Why it was not. */
  failure: string | undefined;
}

const blank = (): Reading => ({
  status: 0, reason: '', headers: [], body: '', trailers: [], informational: [], complete: false, failure: undefined,
});

class Listener implements ParserEvents {
  readonly reading = blank();
  /** Bytes until the response was complete. */
  consumed = 0;

  parsedInformational(head: ParsedHead): void {
    this.reading.informational.push(head.status);
  }

  parsedHead(head: ParsedHead): void {
    Object.assign(this.reading, { status: head.status, reason: head.reason, headers: head.headers });
  }

  parsedData(chunk: Buffer): void {
    this.reading.body += chunk.toString('latin1');
  }

  parsedEnd(trailers: readonly string[]): void {
    this.reading.trailers = [...trailers];
    this.reading.complete = true;
  }

  parsedWhole(head: ParsedHead, body: string): void {
    this.parsedHead(head);
    this.reading.body = body;
    this.reading.complete = true;
  }

  parsedUpgrade(): void {
    this.reading.failure = 'upgrade';
  }
}

/** Reads a response with this client's parser, given in pieces, followed by the end of the connection. */
export function readHere(pieces: readonly Buffer[], method: string, whole = false): { reading: Reading; consumed: number } {
  const listener = new Listener();
  const { reading } = listener;
  const parser = new ResponseParser(listener, 65_536, true);
  parser.begin(method === 'HEAD', false, whole);
  let consumed = 0;
  for (const piece of pieces) {
    if (reading.complete || reading.failure !== undefined) break;
    // In a buffer that is overwritten afterwards, as from a socket.
    const shared = Buffer.from(piece);
    reading.failure = parser.execute(shared, shared.length);
    shared.fill('!');
    consumed += piece.length;
  }
  if (!reading.complete && reading.failure === undefined && !parser.finish()) reading.failure = 'incomplete';
  return { reading, consumed };
}

/** Reads a response with node:http's client. */
export function readWithNode(pieces: readonly Buffer[], method: string): Promise<Reading> {
  const reading = blank();
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      if (reading.complete) return;
      reading.failure ??= error.message;
      resolve(reading);
    };
    const req = request({ method, maxHeaderSize: 65_536, createConnection: () => scripted(pieces) as never });
    req.on('error', fail).on('information', (info) => reading.informational.push(info.statusCode));
    req.on('response', (res) => {
      Object.assign(reading, { status: res.statusCode, reason: res.statusMessage, headers: res.rawHeaders });
      res.on('data', (chunk: Buffer) => { reading.body += chunk.toString('latin1'); });
      res.on('error', fail);
      res.on('end', () => {
        reading.trailers = res.rawTrailers;
        reading.complete = true;
        resolve(reading);
      });
    });
    req.on('upgrade', (_res, socket) => { socket.destroy(); fail(new Error('upgrade')); });
    req.on('close', () => fail(new Error('closed')));
    req.end();
  });
}

// Answers once the request has been written.
function scripted(pieces: readonly Buffer[]): Duplex {
  const socket: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, callback) {
      callback();
      process.nextTick(() => {
        for (const piece of pieces) socket.push(piece);
        socket.push(null);
      });
    },
  });
  return Object.assign(socket, { setTimeout() {}, setNoDelay() {}, setKeepAlive() {}, ref() {}, unref() {} });
}

const DROPPED = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;
const UNMERGEABLE = /^(content-length|content-type|set-cookie|host|date|age|cookie|location|vary|expires|range|expect|pragma|warning)$/i;

/** What is left of node:http's reading where the fields that end at this hop are dropped. */
export function relayed(reading: Reading): Reading {
  const drop = (fields: string[], also: (name: string) => boolean): string[] => {
    const kept: string[] = [];
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i] ?? '';
      const value = fields[i + 1] ?? '';
      // Digits are written again, so without leading zeros.
      if (!DROPPED.test(name) && !also(name)) kept.push(name, /^content-length$/i.test(name) ? String(Number(value)) : value);
    }
    return kept;
  };
  return {
    ...reading,
    headers: drop(reading.headers, (name) => reading.status === 204 && /^content-length$/i.test(name)),
    trailers: drop(reading.trailers, (name) => UNMERGEABLE.test(name)),
  };
}
