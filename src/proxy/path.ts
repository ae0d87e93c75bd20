/** A request target, taken apart. */
export interface Target {
  /** The canonical path, still percent-encoded where it was: what the upstream gets. */
  readonly path: string;
  /** The same path decoded, each byte a character: what routes are matched against. */
  readonly decoded: string;
  /** As sent, without `?`; undefined when there is none. */
  readonly query: string | undefined;
  /** The host of an absolute-form target; it goes before the Host header (RFC 9112, section 3.2.2). */
  readonly authority: string | undefined;
}

/**
 * Takes a request target apart so that the path that is matched is the path that the upstream gets: dot segments (also
 * percent-encoded) are resolved, duplicate slashes merged, other encoding is kept as sent. Undefined for what no two
 * servers understand alike: a backslash, control characters, `#`, bad percent-encoding, overlong UTF-8, a climb above
 * the root, encoded slashes beside others, and encodings that turn into a dot segment when decoded, decoded twice, or cut
 * at `;`, or into letters when decoded twice. `tell` is told why, for people.
 */
export function parseTarget(url: string, tell?: Tell): Target | undefined {
  return url.charCodeAt(0) === SLASH ? originForm(url, undefined, tell) : absoluteForm(url, tell);
}

type Tell = (why: string) => void;

const SLASH = 0x2f;
/** llhttp lets some of them through. */
const CONTROL = /[\x00-\x20\x7f]/;

function absoluteForm(url: string, tell: Tell | undefined): Target | undefined {
  const match = /^https?:\/\/([^/?#\\@]+)([/?][^]*)?$/i.exec(url);
  if (!match || CONTROL.test(url)) return void tell?.(match ? CONTROLS : 'it is neither a path, which starts with `/`, nor a URL of http or https without a user');
  const rest = match[2] ?? '/';
  return originForm(rest.startsWith('?') ? `/${rest}` : rest, match[1], tell);
}

function originForm(url: string, authority: string | undefined, tell: Tell | undefined): Target | undefined {
  const end = plainEnd(url);
  if (end === url.length || url.charCodeAt(end) === QUESTION) {
    const query = end < url.length ? url.slice(end + 1) : undefined;
    if (query !== undefined && (query.includes('#') || CONTROL.test(query))) return void tell?.(query.includes('#') ? FRAGMENT : CONTROLS);
    const path = end < url.length ? url.slice(0, end) : url;
    return { path, decoded: path, query, authority };
  }
  if (url.includes('#') || CONTROL.test(url)) return void tell?.(url.includes('#') ? FRAGMENT : CONTROLS);
  const mark = url.indexOf('?');
  const path = canonical(mark < 0 ? url : url.slice(0, mark), tell);
  if (path === undefined) return undefined;
  const decoded = unescape(path);
  // an encoded slash beside another: some servers merge them, and see another path
  if (decoded.includes('//')) return void tell?.('it has an encoded slash beside another: some servers merge them, others do not');
  return { path, decoded, query: mark < 0 ? undefined : url.slice(mark + 1), authority };
}

const CONTROLS = 'it holds a space or a control character';
const FRAGMENT = 'it holds a `#`, which some servers take for the end of it';
const QUESTION = 0x3f;
const DOT = 0x2e;

/** How far a target is already canonical: the index of its `?`, of its end, or of the first character that needs care. */
function plainEnd(url: string): number {
  let slash = false;
  for (let i = 0; i < url.length; i++) {
    const c = url.charCodeAt(i);
    if (c === QUESTION) return i;
    if (slash && (c === SLASH || c === DOT)) return i;
    if (c === 0x25 || c === 0x5c || c === 0x23 || c === 0x3b || c <= 0x20 || c > 0x7e) return i;
    slash = c === SLASH;
  }
  return url.length;
}

/** A backslash, NUL, `%` without its digits, and what only a second decoding turns into a letter, a digit or a slash. */
const REFUSED = /\\|%(?![0-9a-f]{2})|%00|%5c|%25(?:2[def]|3\d|[46][1-9a-f]|[57][\da]|5f|7e|5c|00)/i;

/** A dot, slash or backslash in more bytes than UTF-8 allows: some decoders take it for one. */
const OVERLONG = /(%c0|\xc0)(%[8a][ef]|[\x8e\x8f\xae\xaf])|(%c1|\xc1)(%[19]c|[\x1c\x9c])|(%e0|\xe0)(%8[01]|[\x80\x81])/i;

/** Merges slashes and resolves dot segments; undefined for what is refused. */
function canonical(path: string, tell: Tell | undefined): string | undefined {
  if (REFUSED.test(path)) return void tell?.('it holds a backslash, a `%` without its two digits, an encoded NUL, or what only a second decoding turns into a character of its own');
  if (OVERLONG.test(path)) return void tell?.('it holds a dot or a slash in more bytes than UTF-8 allows, which some servers decode');
  const out: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [i, segment] of segments.entries()) {
    const plain = segment.replace(/%2e/gi, '.');
    const last = i === segments.length - 1;
    if (segment === '' && !last) continue;
    if (plain === '.' || plain === '..') {
      if (plain === '..' && out.pop() === undefined) return void tell?.('it climbs above the root');
      if (last) out.push('');
    } else if (hidesDots(segment)) return void tell?.('it hides a dot segment, which some servers see: behind an encoding, or before a `;`');
    else out.push(segment);
  }
  return `/${out.join('/')}`;
}

/** Whether some server would find a dot segment in this segment: decoded once or twice, parameters cut off. */
function hidesDots(segment: string): boolean {
  if (!segment.includes('%') && !segment.includes(';')) return false;
  const once = unescape(segment);
  return [segment, once, unescape(once)].some((text) => text.split(/[/\\]/).some((part) => /^\.\.?$/.test(part.split(';', 1)[0] ?? '')));
}

/** Percent-decodes byte by byte. */
function unescape(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
