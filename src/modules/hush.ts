import { MASK } from '../config/frame.js';
import { isSecretField } from '../config/secret-names.js';
import { markedNames } from '../schema/marks.js';

/** Shorter ones would mask what is no secret. */
const SHORTEST = 3;

/** Hides secrets of a value wherever a text quotes them: what stands under names that a schema marks, or that sound so. */
export function hush(value: unknown, schema: unknown): (text: string) => string {
  const marked = markedNames(schema);
  const secrets = textsIn(value, (name, item, holder) => marked.has(name) || isSecretField(name, item, holder)).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

function textsIn(value: unknown, isSecret: (name: string, item: unknown, holder: string) => boolean, within = false, holder = ''): string[] {
  if (typeof value === 'string') return within && value.length >= SHORTEST ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, isSecret, within, holder));
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) => textsIn(item, isSecret, within || isSecret(name, item, holder), name));
}
