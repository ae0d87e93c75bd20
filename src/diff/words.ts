import { isSecretField } from '../config/secret-names.js';
import type { Difference } from './differences.js';
import { masked } from './masks.js';

/** A difference in words: `timeout.read: 60 → 5`; of a secret, that it changed. */
export function wordsOf(difference: Difference, hidden: boolean, name = nameOf(difference.path)): string {
  const { before, after, path } = difference;
  if (after === undefined) return `${name} removed`;
  if (before === undefined) return hidden ? `${name} added` : `${name} added: ${shown(after, path.at(-1))}`;
  const [a, b] = hidden ? ['', ''] : pairOf(masked(before, path.at(-1)), masked(after, path.at(-1)));
  return a === b ? `${name} changed` : `${name}: ${a} → ${b}`;
}

/** Whether nothing of the values of a difference may be told. */
export function isHidden({ path, before, after }: Difference): boolean {
  const name = path.at(-1) ?? '';
  return path.at(-2) !== 'nodes' && [before, after].some((value) => value !== undefined && isSecretField(name, value, path.at(-2)));
}

/** `timeout.read`, `rules[0].count`. */
export function nameOf(path: readonly string[]): string {
  return visible(path.join('.').replaceAll('.[', '['));
}

/** A text in which what a terminal would act on is written out, so that one change is one line. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const MOST = 60;

const shown = (value: unknown, holder: string | undefined): string => cut(textOf(masked(value, holder)));

const textOf = (value: unknown): string => visible(typeof value === 'string' ? value : JSON.stringify(value));

const cut = (text: string, from = 0): string => `${from > 0 ? '…' : ''}${text.slice(from, from + MOST)}${text.length > from + MOST ? '…' : ''}`;

/** Two values side by side; of long ones what is different. */
function pairOf(before: unknown, after: unknown): [string, string] {
  const [a, b] = [textOf(before), textOf(after)];
  if (a === b) return [a, b];
  if (a.length <= MOST && b.length <= MOST) return [a, b];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length + come.length > 0) return [gone.length > 0 ? `without ${cut(textOf(gone))}` : `${before.length} entries`, come.length > 0 ? `with ${cut(textOf(come))}` : `${after.length} entries`];
  }
  const first = [...a].findIndex((sign, i) => sign !== b[i]);
  const from = Math.max(0, (first < 0 ? a.length : first) - MOST / 2);
  return [cut(a, from), cut(b, from)];
}

function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others.map((item) => JSON.stringify(item)));
  return items.filter((item) => !known.has(JSON.stringify(item)));
}
