/** The value of a cookie in the values of Cookie headers, as it was sent; of several the first. */
export function cookieIn(headers: readonly string[], name: string): string | undefined {
  for (const header of headers) {
    for (const pair of header.split(';')) {
      if (nameOf(pair) === name) return valueOf(pair);
    }
  }
  return undefined;
}

/** Every value of a cookie, likewise. */
export function cookiesIn(headers: readonly string[], name: string): string[] {
  return headers.flatMap((header) => header.split(';')).filter((pair) => nameOf(pair) === name).map(valueOf);
}

/** What the values of Cookie headers come to without a cookie, as one; empty when nothing is left. */
export function withoutCookie(headers: readonly string[], name: string): string {
  const rest = headers.flatMap((header) => header.split(';')).filter((pair) => pair.trim() !== '' && nameOf(pair) !== name);
  return rest.map((pair) => pair.trim()).join('; ');
}

/** Undefined for what is no pair. */
function nameOf(pair: string): string | undefined {
  const equals = pair.indexOf('=');
  return equals > 0 ? pair.slice(0, equals).trim() : undefined;
}

/** Quotes around a value are no part of it (RFC 6265, section 4.1.1). */
function valueOf(pair: string): string {
  const value = pair.slice(pair.indexOf('=') + 1).trim();
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
