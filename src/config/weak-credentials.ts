import type { Path } from '../diagnostics/diagnostic.js';
import { isReference } from './secret-reader.js';
import type { Report } from './report.js';

/** 16 random hexadecimal digits are 64 bits: more than can be tried over a network. */
const SHORTEST = 16;

/** Long enough, and known to everybody: from APISIX's documentation and default configuration, and from lists of passwords. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'edd1c9f034335f136f87ad84b625c8f1', '4054f7cf07e344346cd3f287985e76a2', 'my-secret-key-123', 'your-secret-key-here', 'my-very-secret-key',
  'passwordpassword', 'password12345678', '1234567890123456', '0123456789abcdef', 'qwertyuiopasdfgh', 'super-secret-key', 'replace-this-key', 'changemechangeme',
]);

/** More places nobody reads. */
const MOST_PLACES = 10;

/** Where secrets of a credential stand that can be guessed: those of fields with `x-secret` in the plugin's schema. */
export function weakPlaces(value: unknown, schema: object, path: Path): Path[] {
  const { properties, items, 'x-secret': secret }: { properties?: Readonly<Record<string, object>>; items?: object; 'x-secret'?: boolean } = schema;
  if (typeof value === 'string') return secret === true && isWeak(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => weakPlaces(item, items ?? {}, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => weakPlaces(item, properties?.[name] ?? {}, [...path, name]));
}

/**
 * Warns of them, once for all: a file of a test has dozens. One message for every reason, since it stands in logs, and
 * must not narrow down what the secret is.
 */
export function tellWeak([first, ...others]: readonly Path[], report: Report): void {
  if (!first) return;
  const what = others.length === 0 ? `${report.nameOf(first)} can be guessed: it is short, or stands in documentation` : `${others.length + 1} credentials can be guessed: they are short, or stand in documentation`;
  report.warning('weak-credential', first, what, { related: others.slice(0, MOST_PLACES).map((path) => report.place(path, 'another')), hint: `take random ones of ${SHORTEST} characters or more: \`openssl rand -hex 24\` makes one` });
}

/** An empty one, or one that stands for a variable, is told otherwise. */
const isWeak = (secret: string): boolean => secret !== '' && !isReference(secret) && (secret.length < SHORTEST || /^(.)\1*$/.test(secret) || WELL_KNOWN.has(secret.toLowerCase()));
