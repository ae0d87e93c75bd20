import type { Exchange } from '../plugin.js';

/** Where a request may carry its token. */
export interface Places {
  /** In lower case. */
  readonly header: string;
  readonly query: string;
  readonly cookie: string;
}

/**
 * The token that a request carries: in the header, or else the query, or else a cookie. Undefined when it has none; empty
 * when it has several, of which none counts.
 */
export function sentToken(x: Exchange, { header, query, cookie }: Places): string | undefined {
  const inHeader = x.headerValues(header);
  if (inHeader.length > 0) return bare(only(inHeader));
  const inQuery = x.argumentValues(query);
  if (inQuery.length > 0) return only(inQuery);
  const inCookies = x.cookieValues(cookie);
  return inCookies.length > 0 ? only([...new Set(inCookies)]) : undefined;
}

/** Hides a token from the upstream wherever it was sent. */
export function hideToken(x: Exchange, { header, query, cookie }: Places, token: string): void {
  if (x.headerValues(header).some((value) => bare(value) === token)) x.removeHeader(header);
  if (x.argumentValues(query).some((value) => value === token)) x.removeArgument(query);
  if (x.cookieValues(cookie).some((value) => value === token)) x.removeCookie(cookie);
}

/** Hides from the upstream whatever stands where tokens stand. */
export function hideAll(x: Exchange, { header, query, cookie }: Places): void {
  x.removeHeader(header);
  x.removeArgument(query);
  if (x.cookieValues(cookie).length > 0) x.removeCookie(cookie);
}

function only([value, ...more]: readonly (string | true)[]): string {
  return typeof value === 'string' && more.length === 0 ? value : '';
}

/** Schemes have no case (RFC 9110, section 11.1). */
function bare(value: string): string {
  return /^bearer /i.test(value) ? value.slice(7) : value;
}
