/** Headers that mean something between two neighbours only (RFC 9110, section 7.6.1), and what has the same fate. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'te', 'trailer',
  'transfer-encoding', 'upgrade', 'http2-settings', 'expect',
]);

/** The gateway's own words about a request: a client's are never believed. */
const OURS: ReadonlySet<string> = new Set([
  'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip',
  'x-consumer-username', 'x-credential-identifier', 'x-consumer-custom-id',
]);

/**
 * Framing and host: never dropped because a Connection header names them. To drop them on a client's word
 * would let it smuggle a request.
 */
const KEPT: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'host']);

/** Which names may have a fate of their own, by length and first letter: nearly every other name is told apart by these. */
const SUSPECTS: Uint8Array = suspects([...HOP_BY_HOP, ...OURS, ...KEPT]);

/** The client's end-to-end headers as lines of a head, but for Host and those that `removed` names (lower case). */
export function endToEndLines(raw: readonly string[], connection: string | undefined, removed: ReadonlySet<string> | undefined): string {
  const named = connectionTokens(connection);
  let lines = '';
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (SUSPECTS[keyOf(name)] === 1 || removed || named) {
      const lower = name.toLowerCase();
      if (lower === 'host' || isDropped(lower) || removed?.has(lower) === true || named?.has(lower) === true) continue;
    }
    lines += `${name}: ${raw[i + 1] ?? ''}\r\n`;
  }
  return lines;
}

/** A request's trailers that may be passed on: no framing, no hop-by-hop, none of the gateway's own words. */
export function endToEndPairs(raw: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const lower = name.toLowerCase();
    if (!isDropped(lower) && !KEPT.has(lower)) out.push(name, raw[i + 1] ?? '');
  }
  return out;
}

/** Whether a client's header is dropped, in whatever spelling a server could take for the dropped name. */
function isDropped(lower: string): boolean {
  if (HOP_BY_HOP.has(lower) || OURS.has(lower)) return true;
  if (!/[^a-z0-9-]/.test(lower)) return false;
  // CGI, WSGI and PHP see `_`, `.` and `-` alike
  const alike = lower.replace(/[^a-z0-9]/g, '-');
  return OURS.has(alike) || HOP_BY_HOP.has(alike) || KEPT.has(alike);
}

/** The names that Connection headers list, but for those that must stay. */
function connectionTokens(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  const tokens = connection.split(',').map((token) => token.trim().toLowerCase()).filter((token) => token !== '' && !KEPT.has(token));
  return tokens.length > 0 ? new Set(tokens) : undefined;
}

/** Length and first letter of a name in one number; the letter's case makes no difference. */
function keyOf(name: string): number {
  return ((name.length & 31) << 5) | (name.charCodeAt(0) & 31);
}

function suspects(names: readonly string[]): Uint8Array {
  const table = new Uint8Array(1024);
  for (const name of names) table[keyOf(name)] = 1;
  return table;
}
