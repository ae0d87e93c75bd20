import { isSecretField, isSecretHeader, isSpoken, LONGEST_RULE, secretOfRule } from '../config/secret-names.js';

/** What stands in place of a secret. */
export const MASK = '********';

/** A value without what may be a secret in it, judged by the names of fields, of `holder` which it stands under, and by how texts look. */
export function masked(value: unknown, holder?: string): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return maskedList(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]: [string, unknown]) => [name, isSecretField(name, item, holder) ? MASK : masked(item, name)]));
}

/** Of a condition on a variable that carries secrets (`["http_authorization", "==", …]`) the rest is hidden. */
function maskedList(items: readonly unknown[]): readonly unknown[] {
  const named = items.length > LONGEST_RULE ? undefined : secretOfRule(items);
  return items.map((item, i) => (named === undefined ? masked(item) : i === named || isSpoken(item) ? item : MASK));
}

/** Passwords and arguments in URLs, header lines, tokens by their scheme, and anything in PEM. */
function maskedText(text: string): string {
  if (text.includes('-----BEGIN')) return MASK;
  const header = /^\s*([\w-]+)\s*:\s+/.exec(text);
  if (header?.[1] !== undefined && isSecretHeader(header[1])) return `${header[1]}: ${MASK}`;
  return text
    .replace(/\/\/([^\s/@:"']*):[^\s/@"']+@/g, `//$1:${MASK}@`)
    .replace(/:\/\/[^\s/@:"']+@/g, `://${MASK}@`)
    .replace(/([?&]([^=&\s]+)=)[^&\s#]+/g, (all: string, start: string, name: string) => (isSecretHeader(name) ? `${start}${MASK}` : all))
    .replace(/\b(bearer|basic|digest|token)\s+\S{6,}/gi, `$1 ${MASK}`);
}
