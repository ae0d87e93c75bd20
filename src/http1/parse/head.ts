import type { Framing, ResponseHead } from '../types.js';
import { Fields, readFields } from './fields.js';
import { decimal, valueEnd } from './grammar.js';

/** A parsed head, with what it says about the connection. */
export interface ParsedHead extends ResponseHead {
  /** The connection may carry another request after this response. */
  readonly persistent: boolean;
  /** Seconds that the upstream keeps an idle connection, or -1 if it did not tell. */
  readonly keepAliveTimeout: number;
}

/**
 * Parses a response head: status line and fields, each line with its CRLF. Returns a string that
 * tells what is wrong if it is not exactly what RFC 9112 allows.
 */
export function parseHead(text: string, toHead: boolean): ParsedHead | string {
  if (!text.startsWith('HTTP/1.')) return 'not an HTTP/1 response';
  const minor = text.charCodeAt(7) - 48;
  const status = decimal(text.slice(9, 12));
  if ((minor !== 0 && minor !== 1) || text.charCodeAt(8) !== 32 || status < 100 || status > 599) return 'invalid status line';
  const cr = valueEnd(text, 12);
  // The space before an empty reason is often left out; nothing can be mistaken for it.
  if (text.charCodeAt(cr) !== 13 || (cr > 12 && text.charCodeAt(12) !== 32)) return 'invalid status line';
  const fields = new Fields();
  const failure = readFields(text, cr + 2, fields) ?? framingFault(fields, minor);
  if (failure !== undefined) return failure;
  return finishHead(status, text.slice(13, cr), minor, fields, framingOf(status, toHead, fields));
}

// RFC 9112 section 6.1 and 6.3: two framings in one message are an attempt at smuggling.
function framingFault(fields: Fields, minor: number): string | undefined {
  const coding = fields.transferEncoding;
  if (coding === undefined) return undefined;
  if (fields.contentLength >= 0) return 'Transfer-Encoding and Content-Length';
  if (minor === 0) return 'Transfer-Encoding in HTTP/1.0';
  return coding.toLowerCase() === 'chunked' ? undefined : 'unknown Transfer-Encoding';
}

function framingOf(status: number, toHead: boolean, fields: Fields): Framing {
  if (toHead || status < 200 || status === 204 || status === 304) return 'none';
  if (fields.transferEncoding !== undefined) return 'chunked';
  return fields.contentLength >= 0 ? 'length' : 'close';
}

function finishHead(status: number, reason: string, minor: number, fields: Fields, framing: Framing): ParsedHead {
  const headers = fields.raw;
  // RFC 9110 section 8.6 forbids it there; some servers send 0.
  if ((status < 200 || status === 204) && fields.lengthAt >= 0) headers.splice(fields.lengthAt, 2);
  if (status === 101 && fields.upgrade !== undefined) headers.push(...fields.upgrade);
  return {
    status,
    reason,
    headers,
    framing,
    length: framing === 'length' ? fields.contentLength : -1,
    persistent: framing !== 'close' && !fields.close && (minor === 1 || fields.keepAlive),
    keepAliveTimeout: fields.keepAliveTimeout,
  };
}
