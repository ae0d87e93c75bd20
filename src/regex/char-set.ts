/** Characters as sorted, disjoint ranges of UTF-16 code units, both ends inclusive. */
export type CharSet = readonly (readonly [number, number])[];

const LAST = 0xffff;

export const ANY: CharSet = [[0, LAST]];
const DIGIT: CharSet = [[0x30, 0x39]];
const UPPER: CharSet = [[0x41, 0x5a]];
const LOWER: CharSet = [[0x61, 0x7a]];
const ALPHA: CharSet = [...UPPER, ...LOWER];
const WORD: CharSet = [...DIGIT, ...UPPER, [0x5f, 0x5f], ...LOWER];
const SPACE: CharSet = [[0x09, 0x0d], [0x20, 0x20]];
const BLANK: CharSet = [[0x09, 0x09], [0x20, 0x20]];

/** What `\d`, `\w`, `\s` and `\h` stand for: ASCII, as in PCRE, whatever JavaScript and RE2 make of them. */
export const SHORTHANDS: ReadonlyMap<string, CharSet> = new Map([['d', DIGIT], ['w', WORD], ['s', SPACE], ['h', BLANK]]);

/** What `[[:alpha:]]` and its like stand for. */
export const POSIX: ReadonlyMap<string, CharSet> = new Map<string, CharSet>([
  ['alnum', [...DIGIT, ...ALPHA]], ['alpha', ALPHA], ['ascii', [[0, 0x7f]]], ['blank', BLANK], ['cntrl', [[0, 0x1f], [0x7f, 0x7f]]], ['digit', DIGIT],
  ['graph', [[0x21, 0x7e]]], ['lower', LOWER], ['print', [[0x20, 0x7e]]], ['punct', [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]]],
  ['space', SPACE], ['upper', UPPER], ['word', WORD], ['xdigit', [...DIGIT, [0x41, 0x46], [0x61, 0x66]]],
]);

/** Ranges in any order, overlapping or not, as a set. */
export function charSet(ranges: CharSet): CharSet {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Every character that is not in a set. */
export function complement(set: CharSet): CharSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}

/** A set and the other case of each of its ASCII letters. */
export function foldCase(set: CharSet): CharSet {
  return charSet([...set, ...set.flatMap(([from, to]) => [...shifted(from, to, UPPER, 0x20), ...shifted(from, to, LOWER, -0x20)])]);
}

/** Whether a set has a character that is not ASCII. */
export const beyondAscii = (set: CharSet): boolean => set.some(([, to]) => to > 0x7f);

/** Whether two sets have a character in common. */
export function overlap(a: CharSet, b: CharSet): boolean {
  return a.some(([from, to]) => b.some(([low, high]) => from <= high && low <= to));
}

/** As the inside of a class, in the syntax that JavaScript and RE2 share. */
export function print(set: CharSet): string {
  return set.map(([from, to]) => (from === to ? printChar(from) : `${printChar(from)}-${printChar(to)}`)).join('');
}

/** One character, to the letter. */
export function printChar(code: number): string {
  const char = String.fromCharCode(code);
  return code > 0x7f || /\w/.test(char) ? char : `\\x${code.toString(16).padStart(2, '0')}`;
}

function shifted(from: number, to: number, letters: CharSet, shift: number): CharSet {
  return letters.flatMap(([low, high]): [number, number][] => {
    const start = Math.max(from, low);
    const end = Math.min(to, high);
    return start <= end ? [[start + shift, end + shift]] : [];
  });
}
