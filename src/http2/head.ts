import { STATUS_CODES } from 'node:http';
import { constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader, type OutgoingHttpHeaders } from 'node:http2';
import type { ResponseHead } from '../http1/index.js';
import { responseFields } from './fields.js';

/** Translates the head of an HTTP/1.1 request into the fields of an HTTP/2 one (RFC 9113, section 8.3.1). */
export function headersOf(head: string, scheme: 'http' | 'https'): OutgoingHttpHeaders {
  const [start = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = start.split(' ');
  const flat: string[] = [];
  let authority = '';
  for (const line of lines) {
    const mark = line.indexOf(':');
    if (mark < 0) continue;
    const [name, value] = [line.slice(0, mark), line.slice(mark + 1).trim()];
    if (name.toLowerCase() === 'host') authority = value;
    else flat.push(name, value);
  }
  const fields = responseFields(flat, { ':method': method, ':scheme': scheme, ':authority': authority, ':path': target });
  // gRPC asks for it, and trailers are passed on
  fields['te'] = 'trailers';
  return fields;
}

/** The head of a response as HTTP/1.1 would have told it; undefined for a status that no response has. */
export function responseHead(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number, raw: readonly string[]): ResponseHead | undefined {
  const status = Number(headers[':status']);
  if (!(status >= 100 && status <= 599)) return undefined;
  const none = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  const length = headers['content-length'] === undefined ? -1 : Number(headers['content-length']);
  const framing = none ? 'none' : length >= 0 ? 'length' : 'chunked';
  return { status, reason: STATUS_CODES[status] ?? '', headers: plainFields(raw), framing, length: framing === 'length' ? length : -1 };
}

/** Flat fields without those that are HTTP/2's own, or of this hop. */
export function plainFields(raw: readonly string[]): string[] {
  const fields: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]];
    if (!name.startsWith(':') && name !== 'trailer') fields.push(name, value);
  }
  return fields;
}
