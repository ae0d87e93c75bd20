import { STATUS_CODES } from 'node:http';
import type { Answer } from '../echo/answer.js';
import { knownAnswer } from '../echo/endpoints.js';
import { reflectAll } from '../echo/reflect.js';
import { toEchoRequest } from '../echo/request.js';
import { FRAMING, HOP_BY_HOP } from '../header-names.js';
import type { AnswerConfig, BodyConfig, SentHeaders } from '../schema/cases.js';
import type { Received } from './stub.js';

/** What a stub answers to one attempt. */
export interface StubAnswer {
  readonly fault?: AnswerConfig['fault'];
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer;
  /** Milliseconds to wait before. */
  readonly delay?: number | undefined;
}

/** The answer that a case wants; where it says nothing, that of the sample upstream, to which here every path is known. */
export function answerFrom(wanted: AnswerConfig | undefined, received: Received): StubAnswer {
  if (!wanted) return echoed(received);
  const { fault, status, headers = {} } = wanted;
  const { bytes, type } = bodyOf(wanted.body);
  // what frames a message is the connection's own, which is none here
  const lines = headerLines(headers).filter((_, i, all) => !isFraming(all[i - (i % 2)] ?? ''));
  const typed = type === undefined || Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return { fault, status, reason: STATUS_CODES[status] ?? '', headers: typed ? lines : [...lines, 'Content-Type', type], body: bytes };
}

const isFraming = (name: string): boolean => HOP_BY_HOP.has(name.toLowerCase()) || FRAMING.has(name.toLowerCase());

/** Names and values in turn; a list stands for a header that is there several times. */
export function headerLines(headers: SentHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((text) => [name, text]));
}

/** The bytes of a body, and the type that goes with them where it is no text. */
export function bodyOf(body: BodyConfig | undefined): { readonly bytes: Buffer; readonly type: string | undefined } {
  if (body === undefined) return { bytes: Buffer.alloc(0), type: undefined };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: undefined };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

function echoed({ method, target, rawHeaders, body }: Received): StubAnswer {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) headers[(rawHeaders[i] ?? '').toLowerCase()] = rawHeaders[i + 1] ?? '';
  const request = toEchoRequest({ method, url: target, rawHeaders: [...rawHeaders], headers, socket: { remoteAddress: '127.0.0.1' } }, body);
  const answer = knownAnswer(request) ?? reflectAll(request);
  return { status: answer.status, reason: STATUS_CODES[answer.status] ?? '', headers: answer.headers.flat(), body: bytesOf(answer), delay: answer.delay };
}

function bytesOf({ body = '' }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.concat([...body]);
}
