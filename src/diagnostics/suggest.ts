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
    for (const candidate of this.#all) {
      // as many edits as the lengths differ by are the least it takes, and one for each letter that only one of them has
      if (Math.abs(lower.length - candidate.lower.length) >= least) continue;
      if (count(letters & ~candidate.letters) >= least || count(candidate.letters & ~letters) >= least) continue;
      const edits = distance(lower, candidate.lower, least);
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

/** Optimal string alignment distance, one row at a time; given up as soon as it cannot be below `limit`. */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let fewest = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
      fewest = Math.min(fewest, edits);
    }
    // a swap of neighbours reaches back two rows: it costs one, so what is below the limit there was seen in this row or the last
    if (fewest >= limit && Math.min(...last) >= limit) return limit;
    before = last;
    last = row;
  }
  return last[b.length] ?? limit;
}
