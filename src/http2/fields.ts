import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';

/** A request's fields as HTTP/1.1 has them: names and values in turn, the authority as Host, cookies in one (RFC 9113, section 8.2.3). */
export function requestFields(raw: readonly string[]): string[] {
  const fields: string[] = [];
  const cookies: string[] = [];
  let authority: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]];
    if (name === ':authority') authority = value;
    else if (name === 'cookie') cookies.push(value);
    // one that differs stays beside it, and is refused as two hosts
    else if (!name.startsWith(':') && !(name === 'host' && value === authority)) fields.push(name, value);
  }
  if (authority !== undefined) fields.unshift('Host', authority);
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '));
  return fields;
}

/** The same by name, as Node puts them together, without what is HTTP/2's own. */
export function requestHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const plain: IncomingHttpHeaders = Object.create(null);
  for (const [name, value] of Object.entries(headers)) if (!name.startsWith(':')) plain[name] = value;
  const authority = headers[':authority'];
  if (authority !== undefined) plain.host = authority;
  return plain;
}

/** What concerns one connection of HTTP/1.1 alone (RFC 9113, section 8.2.2). */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings', 'te']);

/** What Node takes one value of. */
const SINGLE: ReadonlySet<string> = new Set([
  'access-control-allow-credentials', 'access-control-max-age', 'age', 'content-encoding', 'content-language', 'content-length', 'content-location',
  'content-md5', 'content-range', 'content-type', 'date', 'etag', 'expires', 'last-modified', 'location', 'retry-after', 'tk', 'x-content-type-options',
]);

/** What Node takes one value of as well, and none of which is told without the others: whoever reads it is to see that there were several. */
const JOINED: ReadonlySet<string> = new Set([
  'access-control-request-method', 'authorization', 'dnt', 'from', 'host', 'if-match', 'if-modified-since', 'if-none-match', 'if-range',
  'if-unmodified-since', 'max-forwards', 'proxy-authorization', 'range', 'referer', 'upgrade-insecure-requests', 'user-agent',
]);

/** Flat fields as Node's HTTP/2 takes them. Throws where a value cannot be sent. */
export function responseFields(flat: readonly string[], into: OutgoingHttpHeaders): OutgoingHttpHeaders {
  for (let i = 0; i < flat.length; i += 2) {
    const name = (flat[i] ?? '').toLowerCase();
    const value = flat[i + 1] ?? '';
    if (OF_CONNECTION.has(name)) continue;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value) || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw new TypeError(`the header ${name} cannot be sent`);
    const before = into[name];
    if (before === undefined) into[name] = value;
    else if (JOINED.has(name)) into[name] = `${String(before)}, ${value}`;
    else if (!SINGLE.has(name)) into[name] = [...(Array.isArray(before) ? before : [String(before)]), value];
  }
  return into;
}
