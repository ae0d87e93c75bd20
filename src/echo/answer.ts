import type { ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import type { Pair } from './request.js';

/** What is to be sent back. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Pair[];
  /** Whole text, or chunks that are made as the client takes them. */
  readonly body?: string | Iterable<Buffer>;
  /** Milliseconds to wait before answering. */
  readonly delay?: number;
}

/** An answer without a body. */
export function empty(status: number, headers: readonly Pair[] = []): Answer {
  return { status, headers };
}

/** A plain-text answer. */
export function text(body: string): Answer {
  return { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body };
}

/** A JSON answer, laid out for reading; the default type yields to a given Content-Type. */
export function json(value: unknown, status = 200, headers: readonly Pair[] = [], indent = 2): Answer {
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const type: readonly Pair[] = typed ? [] : [['Content-Type', 'application/json']];
  return { status, headers: [...type, ...headers], body: `${JSON.stringify(value, null, indent)}\n` };
}

/** A refusal of a request that makes no sense. */
export function badRequest(error: string): Answer {
  return json({ error }, 400);
}

/** Sends an answer. A client that leaves half-way ends it early, which is no error. */
export function send(res: ServerResponse, answer: Answer): void {
  const { status, body } = answer;
  res.statusCode = status;
  for (const [name, value] of answer.headers) res.appendHeader(name, value);
  if (typeof body === 'object' && res.req.method !== 'HEAD') return stream(res, body);
  if (typeof body === 'string') res.setHeader('Content-Length', Buffer.byteLength(body));
  // RFC 9110 section 8.6: no Content-Length in a 204, and none that misleads in a 304.
  if (body === undefined && status !== 204 && status !== 304) res.setHeader('Content-Length', 0);
  // Node drops the text by itself when the request was a HEAD.
  res.end(typeof body === 'string' ? body : undefined);
}

function stream(res: ServerResponse, chunks: Iterable<Buffer>): void {
  const source = Readable.from(chunks, { objectMode: false });
  // On failure pipeline destroys both ends, and there is nobody left to tell.
  pipeline(source, res, () => {});
}
