import { isField } from './grammar.js';

// RFC 9110 section 6.5.1: a recipient that merged one of these into the head would change how the
// message is framed, routed, authenticated or understood.
const FORBIDDEN: ReadonlySet<string> = new Set([
  'age', 'authorization', 'cache-control', 'connection', 'content-encoding', 'content-length', 'content-range',
  'content-type', 'cookie', 'date', 'expect', 'expires', 'host', 'keep-alive', 'location', 'max-forwards', 'pragma',
  'range', 'retry-after', 'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'vary', 'warning',
  'www-authenticate',
]);

/** The fields (names and values in turn) that may stand in a trailer section. */
export function allowedTrailers(fields: readonly string[]): string[] {
  const allowed: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? '';
    const value = fields[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (FORBIDDEN.has(lower) || lower.startsWith('proxy-') || !isField(name, value)) continue;
    allowed.push(name, value);
  }
  return allowed;
}

/** The last chunk with the trailer section behind it (RFC 9112 section 7.1.2). */
export function encodeLastChunk(trailers: readonly string[]): string {
  let text = '0\r\n';
  const allowed = allowedTrailers(trailers);
  for (let i = 0; i < allowed.length; i += 2) text += `${allowed[i]}: ${allowed[i + 1]}\r\n`;
  return `${text}\r\n`;
}
