import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../diagnostics/diagnostic.js';
import type { BodyConfig, Expectation, SeenConfig, WantedHeaders } from '../schema/cases.js';
import { shownHeader } from './mask.js';
import type { Observed } from './rig.js';
import type { Received } from './stub.js';

/** One thing that did not come as it was expected. */
export interface Mismatch {
  /** Where in the case it is asked for. */
  readonly path: Path;
  /** What of the answer, or of what the upstream received: `status`, `header X-Id`. */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** Compares what came of a request with what was to come of it. */
export function judge(expect: Expectation, observed: Observed): Mismatch[] {
  const bugs = observed.errors.map((error): Mismatch => ({ path: [], what: 'a bug of the gateway, or of a plugin of your own', expected: 'none', actual: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
  return [
    ...bugs,
    ...value(['status'], 'status', expect.status, observed.status),
    ...named(['route'], 'route', expect.route, observed.exchange?.route?.id),
    ...named(['consumer'], 'consumer', expect.consumer, observed.exchange?.consumer?.username),
    ...message([], '', expect, observed),
    ...upstream(expect.upstream, observed),
  ];
}

function upstream(wanted: Expectation['upstream'], { received, exchange }: Observed): Mismatch[] {
  const last = received.at(-1);
  const path: Path = ['upstream'];
  const reached = last ? `it received ${last.method} ${last.target}` : 'it received nothing';
  if (wanted === undefined) return [];
  if (wanted === false) return last ? [{ path, what: 'upstream', expected: 'it receives nothing', actual: reached }] : [];
  if (!last) return [{ path, what: 'upstream', expected: 'it receives the request', actual: reached }];
  if (wanted === true) return [];
  return [
    ...value([...path, 'id'], 'upstream', wanted.id === undefined ? undefined : String(wanted.id), exchange?.route?.upstream?.owner.replace(/^upstream\//, '')),
    ...value([...path, 'node'], 'node', wanted.node, last.node),
    ...value([...path, 'attempts'], 'attempts', wanted.attempts, received.length),
    ...value([...path, 'method'], 'method at the upstream', wanted.method, last.method),
    ...value([...path, 'path'], 'path at the upstream', wanted.path, last.target),
    ...message(path, ' at the upstream', wanted, last),
  ];
}

function value(path: Path, what: string, wanted: string | number | undefined, actual: string | number | undefined): Mismatch[] {
  return wanted === undefined || wanted === actual ? [] : [{ path, what, expected: String(wanted), actual: actual === undefined ? 'none' : String(actual) }];
}

/** An id, or whether there is one at all. */
function named(path: Path, what: string, wanted: string | number | boolean | undefined, actual: string | undefined): Mismatch[] {
  if (wanted === undefined || (typeof wanted === 'boolean' ? wanted === (actual !== undefined) : String(wanted) === actual)) return [];
  return [{ path, what, expected: wanted === false ? 'none' : wanted === true ? 'any' : String(wanted), actual: actual ?? 'none' }];
}

type Wanted = Pick<SeenConfig, 'headers' | 'absent' | 'body' | 'contains' | 'lacks'>;

/** Headers and body, of an answer or of what an upstream received. */
function message(path: Path, where: string, wanted: Wanted, { rawHeaders, body }: Pick<Received, 'rawHeaders' | 'body'>): Mismatch[] {
  const headers = Object.entries(wanted.headers ?? {}).flatMap(([name, text]) => header([...path, 'headers', name], { name, where }, text, valueOf(rawHeaders, name)));
  const absent = list(wanted.absent).flatMap(([at, name]): Mismatch[] => {
    const actual = valueOf(rawHeaders, name);
    return actual === undefined ? [] : [{ path: [...path, 'absent', ...at], what: `header ${name}${where}`, expected: 'not there', actual: shownHeader(name, actual) }];
  });
  const text = body.toString();
  const contains = list(wanted.contains).flatMap(([at, part]): Mismatch[] => (text.includes(part) ? [] : [{ path: [...path, 'contains', ...at], what: `body${where}`, expected: `contains ${part}`, actual: text }]));
  const lacks = list(wanted.lacks).flatMap(([at, part]): Mismatch[] => (text.includes(part) ? [{ path: [...path, 'lacks', ...at], what: `body${where}`, expected: `does not contain ${part}`, actual: text }] : []));
  return [...headers, ...absent, ...whole([...path, 'body'], `body${where}`, wanted.body, text), ...contains, ...lacks];
}

function header(path: Path, { name, where }: { readonly name: string; readonly where: string }, wanted: WantedHeaders[string], actual: string | undefined): Mismatch[] {
  const fits = actual !== undefined && (typeof wanted === 'string' ? actual === wanted : new RegExp(wanted.matches).test(actual));
  return fits ? [] : [{ path, what: `header ${name}${where}`, expected: typeof wanted === 'string' ? wanted : `matches ${wanted.matches}`, actual: actual === undefined ? 'not there' : shownHeader(name, actual) }];
}

function whole(path: Path, what: string, wanted: BodyConfig | undefined, text: string): Mismatch[] {
  if (wanted === undefined || (typeof wanted === 'string' ? wanted === text : isDeepStrictEqual(parsed(text), plain(wanted)))) return [];
  return [{ path, what, expected: typeof wanted === 'string' ? wanted : JSON.stringify(wanted), actual: text }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parsed YAML has objects without a prototype. */
const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

/** A text or several, each with its way from the field. */
function list(texts: string | readonly string[] | undefined): [Path, string][] {
  if (texts === undefined) return [];
  return typeof texts === 'string' ? [[[], texts]] : texts.map((text, i) => [[i], text]);
}

/** The value of a header, joined where there are several. */
function valueOf(raw: readonly string[], name: string): string | undefined {
  const values = raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name.toLowerCase());
  return values.length > 0 ? values.join(', ') : undefined;
}
