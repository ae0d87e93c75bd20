/** Names in quotes: `a`, `b` or `c`. */
export const orList = (names: readonly string[]): string => {
  const quoted = names.map((n) => `\`${n}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
};

/** The kinds of JSON Schema, in words. */
export const KINDS: Readonly<Record<string, string>> = { string: 'a text', object: 'a mapping', array: 'a list', integer: 'a whole number', number: 'a number', boolean: 'true or false', null: 'nothing' };
/** The kinds that a value may have, in words. */
export const kinds = (types: readonly string[]): string => types.map((t) => KINDS[t] ?? t).join(' or ');

/** The kind of a value, in words that tell nothing else of it. */
export function kindOf(value: unknown): string {
  return typeof value === 'boolean' ? `\`${value}\`` : (KINDS[typeName(value)] ?? typeof value);
}

/** The name that JSON Schema has for the kind of a value. */
export const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
