import { ANY, beyondAscii, charSet, complement, foldCase, POSIX, print, SHORTHANDS, type CharSet } from './char-set.js';
import { RegexProblem } from './node.js';
import type { Text } from './text.js';

/** A set of characters, and how it is written. */
export interface Chars {
  readonly set: CharSet;
  readonly source: string;
}

const LETTERS: ReadonlyMap<string, number> = new Map([['t', 9], ['n', 10], ['v', 11], ['f', 12], ['r', 13], ['a', 7], ['e', 27], ['0', 0]]);

/** Reads a class behind its `[`. */
export function readClass(text: Text, ignoreCase: boolean): Chars {
  const negated = text.take('^');
  const ranges: (readonly [number, number])[] = [];
  // as in PCRE, a `]` that comes first is one of the characters
  for (let first = true; first || !text.take(']'); first = false) {
    if (text.atEnd) throw new RegexProblem('a `[` is not closed');
    ranges.push(...readItem(text));
  }
  return chars(charSet(ranges), negated, ignoreCase);
}

/** Characters, or all others, with both cases where case is ignored. */
export function chars(inner: CharSet, negated: boolean, ignoreCase: boolean): Chars {
  const source = `[${negated ? '^' : ''}${print(inner)}]`;
  // which letters beyond ASCII are one letter in two cases is the engines' to know
  if (ignoreCase && beyondAscii(inner)) return { set: ANY, source };
  const folded = ignoreCase ? foldCase(inner) : inner;
  return { set: negated ? complement(folded) : folded, source };
}

/** `\d`, `\W` and their like, behind the backslash; undefined when there is none. */
export function readShorthand(text: Text): { readonly set: CharSet; readonly negated: boolean } | undefined {
  const set = SHORTHANDS.get(text.next.toLowerCase());
  return set && { set, negated: text.read() !== text.before.toLowerCase() };
}

/** One character that is written as an escape, behind the backslash. */
export function readEscape(text: Text): number {
  const hex = text.match(/x([\da-fA-F]{2})|x\{([\da-fA-F]{1,4})\}|u([\da-fA-F]{4})/y);
  if (hex) return parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
  if (text.atEnd) throw new RegexProblem('it ends with a backslash');
  const char = text.read();
  const code = LETTERS.get(char);
  if (code !== undefined) return code;
  if (/[\dA-Za-z]/.test(char)) throw new RegexProblem(`\`\\${char}\` means nothing here`, 'a backslash stands before a character that has a meaning of its own, such as `.`');
  return char.charCodeAt(0);
}

function readItem(text: Text): CharSet {
  const posix = text.match(/\[:(\^?)(\w+):\]/y);
  if (posix) return readPosix(posix[2] ?? '', posix[1] === '^');
  const first = readMember(text);
  if (typeof first !== 'number') return first;
  if (text.next !== '-' || text.peek(1) === ']' || text.peek(1) === '') return [[first, first]];
  text.read();
  const last = readMember(text);
  if (typeof last !== 'number') return [[first, first], [0x2d, 0x2d], ...last];
  if (last < first) throw new RegexProblem('a range in `[]` runs backwards');
  return [[first, last]];
}

function readMember(text: Text): number | CharSet {
  const char = text.read();
  if (char !== '\\') {
    if (/[\ud800-\udfff]/.test(char)) throw new RegexProblem('a character beyond the basic plane cannot stand in `[]`', 'write it as an alternative: `(?:a|b)`');
    return char.charCodeAt(0);
  }
  const shorthand = readShorthand(text);
  if (shorthand) return shorthand.negated ? complement(shorthand.set) : shorthand.set;
  return text.take('b') ? 8 : readEscape(text);
}

function readPosix(name: string, negated: boolean): CharSet {
  const set = POSIX.get(name);
  if (!set) throw new RegexProblem(`there is no class \`[:${name}:]\``);
  return negated ? complement(set) : set;
}
