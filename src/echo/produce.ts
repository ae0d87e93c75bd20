import { type Answer, badRequest, empty, json } from './answer.js';
import { argsOf, reflectAll, summary } from './reflect.js';
import type { EchoRequest } from './request.js';

const MAX_DELAY = 10;
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_LINES = 1000;
const CHUNK = 64 * 1024;

/** Answers with a given status and no body. */
export function produceStatus(_request: EchoRequest, code: string): Answer {
  const status = integer(code, 200, 599);
  return status === undefined ? badRequest('the status must be a whole number from 200 to 599') : empty(status);
}

/** Answers like /anything, after a number of seconds. */
export function produceDelay(request: EchoRequest, seconds: string): Answer {
  const wait = /^\d+(\.\d+)?$/.test(seconds) ? Number(seconds) : Infinity;
  if (wait > MAX_DELAY) return badRequest(`the delay must be a number of seconds from 0 to ${MAX_DELAY}`);
  return { ...reflectAll(request), delay: wait * 1000 };
}

/** Answers with a number of bytes: 0, 1, … 255, 0, 1, … */
export function produceBytes(_request: EchoRequest, count: string): Answer {
  const size = integer(count, 0, MAX_BYTES);
  if (size === undefined) return badRequest(`the number of bytes must be a whole number from 0 to ${MAX_BYTES}`);
  return {
    status: 200,
    headers: [['Content-Type', 'application/octet-stream'], ['Content-Length', String(size)]],
    body: countingBytes(size),
  };
}

/** Answers with a number of lines of JSON, each a chunk of its own. */
export function produceLines(request: EchoRequest, count: string): Answer {
  const lines = integer(count, 1, MAX_LINES);
  if (lines === undefined) return badRequest(`the number of lines must be a whole number from 1 to ${MAX_LINES}`);
  return { status: 200, headers: [['Content-Type', 'application/x-ndjson']], body: numberedLines(request, lines) };
}

/** Redirects to `url` with `status_code` (302 unless given). */
export function produceRedirect({ query }: EchoRequest): Answer {
  const args = new Map(query);
  const url = args.get('url');
  const status = integer(args.get('status_code') ?? '302', 300, 399);
  if (url === undefined || url === '') return badRequest('the query must give a url');
  if (status === undefined) return badRequest('status_code must be a whole number from 300 to 399');
  // Encodes what a field value or a URI cannot hold: line breaks above all.
  return empty(status, [['Location', url.replace(/[^\x21-\x7e]/gu, encodeURIComponent)]]);
}

/** Sets the response headers that the query names, and echoes them. */
export function produceHeaders({ query }: EchoRequest): Answer {
  for (const [name, value] of query) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return badRequest(`not a header name: ${JSON.stringify(name)}`);
    if (FRAMING.includes(name.toLowerCase())) return badRequest(`${name} is the server's own to set`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return badRequest(`not a header value, for ${name}`);
  }
  return json(argsOf(query), 200, query);
}

/** Fields that say where a message ends, or what becomes of its connection. */
const FRAMING: readonly string[] = ['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'];

function integer(digits: string, min: number, max: number): number | undefined {
  const value = /^\d{1,9}$/.test(digits) ? Number(digits) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function* countingBytes(size: number): Generator<Buffer> {
  const cycle = Uint8Array.from({ length: 256 }, (_, index) => index);
  const chunk = Buffer.alloc(Math.min(size, CHUNK), cycle);
  for (let left = size; left > 0; left -= CHUNK) yield chunk.subarray(0, Math.min(left, CHUNK));
}

function* numberedLines(request: EchoRequest, count: number): Generator<Buffer> {
  const common = summary(request);
  for (let id = 0; id < count; id++) yield Buffer.from(`${JSON.stringify({ id, ...common })}\n`);
}
