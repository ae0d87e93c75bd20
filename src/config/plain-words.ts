/** Thrown where the text is, or may be, more than what is read here. */
export class Unsure extends Error {}

/** Thrown where the text is surely no YAML. */
export class Fault extends Unsure {
  constructor(readonly at: number) {
    super();
  }
}

const INT = /^[-+]?\d+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+\.\d*|(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+)$/;
const ODD = /^[-+]?(?:0[ox][\da-fA-F]+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['~', null], ['null', null], ['Null', null], ['NULL', null], ['true', true], ['True', true], ['TRUE', true], ['false', false], ['False', false], ['FALSE', false],
]);

/** Cuts a plain text where a comment begins, or a colon that ends a key; without one that may be a key, such a colon is a fault. */
export function cut(found: string, mayBeKey: boolean): string {
  const comment = found.indexOf(' #');
  const text = comment < 0 ? found : found.slice(0, comment);
  const colon = text.search(/:(?: |$)/);
  if (colon >= 0 && !mayBeKey) throw new Unsure();
  return (colon < 0 ? text : text.slice(0, colon)).trimEnd();
}

/** What the core schema of YAML makes of a plain text. */
export function typed(source: string): unknown {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  if (!/[\d.]/.test(source)) return source;
  if (INT.test(source) || FLOAT.test(source)) return Number(source);
  if (ODD.test(source)) throw new Unsure();
  return source;
}

/** The text of a quoted one with escapes. */
export function doubleQuoted(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  // beyond these YAML has escapes of its own
  if (/\\[^"\\/bfnrtu]/.test(quoted.replaceAll('\\\\', ''))) throw new Unsure();
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new Unsure();
  }
}

/** The text of a quoted one without escapes. */
export const singleQuoted = (quoted: string): string => quoted.slice(1, -1).replaceAll("''", "'");
