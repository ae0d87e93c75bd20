/**
 * The candidate that a mistyped word most likely meant, or undefined when none is near:
 * at most one edit (insert, delete, replace, swap of neighbours) per three characters.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  return new Candidates(candidates).nearest(word);
}

interface Candidate {
  readonly text: string;
  readonly lower: string;
  readonly letters: number;
}

/** Words that a mistyped one may have meant, made ready for many look-ups. */
export class Candidates {
  readonly #all: readonly Candidate[];

  constructor(texts: Iterable<string>) {
    this.#all = Array.from(texts, (text) => ({ text, lower: text.toLowerCase(), letters: lettersOf(text.toLowerCase()) }));
  }

  /** As `suggest`. */
  nearest(word: string): string | undefined {
    const lower = word.toLowerCase();
    const letters = lettersOf(lower);
    let best: string | undefined;
    let least = Math.max(1, Math.floor(word.length / 3)) + 1;
    const width = lower.length + least;
    const rows: Rows = [new Uint16Array(width), new Uint16Array(width), new Uint16Array(width)];
    for (const candidate of this.#all) {
      // as many edits as the lengths differ by are the least it takes, and one for each letter that only one of them has
      if (Math.abs(lower.length - candidate.lower.length) >= least) continue;
      if (count(letters & ~candidate.letters) >= least || count(candidate.letters & ~letters) >= least) continue;
      const edits = distance(lower, candidate.lower, least, rows);
      if (edits < least) {
        least = edits;
        best = candidate.text;
      }
    }
    return best;
  }
}

/** Which letters a text has: a bit for each, some shared. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) letters |= 1 << (text.charCodeAt(i) & 31);
  return letters;
}

function count(bits: number): number {
  let left = bits;
  let ones = 0;
  for (; left !== 0; left &= left - 1) ones++;
  return ones;
}

/** Three rows of a table of edits, as long as the longer word and one more. */
type Rows = readonly [Uint16Array, Uint16Array, Uint16Array];

/** Optimal string alignment distance, one row at a time; given up as soon as it cannot be below `limit`. */
function distance(a: string, b: string, limit: number, rows: Rows): number {
  let [before, last, row] = rows;
  let fewestBefore = 0;
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const fewest = fill(row, last, before, { a, b, i });
    // a swap of neighbours reaches back two rows: it costs one, so what is below the limit there was seen in this row or the last
    if (fewest >= limit && fewestBefore >= limit) return limit;
    fewestBefore = fewest;
    [before, last, row] = [last, row, before];
  }
  return last[b.length] ?? limit;
}

/** Fills the row of the first `i` letters of `a`; returns the fewest edits in it. */
function fill(row: Uint16Array, last: Uint16Array, before: Uint16Array, { a, b, i }: { readonly a: string; readonly b: string; readonly i: number }): number {
  const [letter, letterBefore] = [a.charCodeAt(i - 1), a.charCodeAt(i - 2)];
  let fewest = (row[0] = i);
  for (let j = 1; j <= b.length; j++) {
    const other = b.charCodeAt(j - 1);
    let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (letter === other ? 0 : 1));
    if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && letterBefore === other) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
    row[j] = edits;
    if (edits < fewest) fewest = edits;
  }
  return fewest;
}
