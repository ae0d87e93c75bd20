import { isUtf8 } from 'node:buffer';
import { type Answer, json } from './answer.js';
import type { EchoRequest, Pair } from './request.js';

/** Beyond this many bytes of body the echo is not indented, which could multiply its size. */
const MAX_INDENTED = 1024 * 1024;

/** JSON nested deeper is shown as `data` alone: writing it recurses, and indents each level further. */
const MAX_NESTING = 64;

/** Echoes the request line and headers. */
export function reflect(request: EchoRequest): Answer {
  return json(summary(request));
}

/** Echoes the request with its body. */
export function reflectBody(request: EchoRequest): Answer {
  return echoOf(request, { ...summary(request), ...bodyOf(request) });
}

/** Echoes everything, the method included. */
export function reflectAll(request: EchoRequest): Answer {
  return echoOf(request, { method: request.method, ...summary(request), ...bodyOf(request) });
}

/** Echoes the headers alone. */
export function reflectHeaders(request: EchoRequest): Answer {
  return json({ headers: headersOf(request) });
}

/** Echoes the User-Agent, or null. */
export function reflectUserAgent(request: EchoRequest): Answer {
  const found = request.headers.find(([name]) => name.toLowerCase() === 'user-agent');
  return json({ 'user-agent': found?.[1] ?? null });
}

/** Echoes the cookies by name; of a repeated name the last counts. */
export function reflectCookies(request: EchoRequest): Answer {
  const pairs = request.cookie.split(';').map((part) => part.trim()).filter((part) => part !== '');
  return json({ cookies: Object.fromEntries(pairs.map(splitCookie)) });
}

/** What every echo has in common: args, headers, origin, url. */
export function summary(request: EchoRequest): Record<string, unknown> {
  return {
    args: argsOf(request.query),
    headers: headersOf(request),
    origin: request.origin,
    url: request.url,
  };
}

/** Query as an object: a string for each name, or an array where the name is repeated. */
export function argsOf(query: readonly Pair[]): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of query) {
    const seen = values.get(name);
    if (Array.isArray(seen)) seen.push(value);
    else values.set(name, seen === undefined ? value : [seen, value]);
  }
  // fromEntries defines own properties, so a name like __proto__ is only a name.
  return Object.fromEntries(values);
}

/** One entry for each field name, spelt as it first came; its values joined (RFC 9110 section 5.3). */
function headersOf({ headers }: EchoRequest): Record<string, string> {
  const fields = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of headers) {
    const seen = fields.get(name.toLowerCase());
    if (seen === undefined) fields.set(name.toLowerCase(), { name, values: [value] });
    else seen.values.push(value);
  }
  return Object.fromEntries([...fields.values()].map(({ name, values }) => [name, values.join(', ')]));
}

function splitCookie(part: string): Pair {
  const equals = part.indexOf('=');
  return equals < 0 ? [part, ''] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
}

function echoOf({ body }: EchoRequest, value: unknown): Answer {
  return json(value, 200, [], body.length > MAX_INDENTED ? 0 : 2);
}

/** Body as text (a base64 data URL where it is not UTF-8, as httpbin does) and as JSON, or null. */
function bodyOf({ body }: EchoRequest): { data: string; json: unknown } {
  if (!isUtf8(body)) return { data: `data:application/octet-stream;base64,${body.toString('base64')}`, json: null };
  const data = body.toString();
  return { data, json: parseJson(data) };
}

function parseJson(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return isNestedDeeply(value) ? null : value;
  } catch {
    return null; // Most bodies are not JSON; `data` shows them.
  }
}

/** Walks level by level, since recursion is what a hostile value would exhaust. */
function isNestedDeeply(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_NESTING; depth++) {
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
