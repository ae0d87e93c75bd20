/** Pseudo-random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  /** `stream` tells the cases of one seed apart. */
  constructor(seed: number, stream = 0) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
  }

  /** An integer of [0, below). */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  /** Whether something happens that does once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

/** Bytes that parsers have opinions about. */
const BYTES = ['\r', '\n', '\r\n', '\0', ' ', '\t', ':', ';', ',', '=', '"', '/', '\\', '?', '#', '%', '%2e', '%2f', '%00', '..', '0', '1', '9', 'a', 'f', 'g', '-', '+', '\x1b', '\x7f', '\x80', '\xc0\xae', '\xff', '\r\n\r\n'];

/** Makes `text` (one character per byte) wrong in one to four places; one in eight stays as it is. */
export function mutate(random: Random, text: string, words: readonly string[]): string {
  if (random.once(8)) return text;
  let mutated = text;
  for (let edits = 1 + random.below(4); edits > 0; edits--) mutated = edit(random, mutated, words);
  return mutated;
}

function edit(random: Random, text: string, words: readonly string[]): string {
  const at = random.below(text.length + 1);
  const length = random.once(4) ? random.below(40) : 1 + random.below(3);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (random.below(9)) {
    case 0: return before + after.slice(length);
    case 1: return before + after.slice(0, length).repeat(random.once(50) ? 2 + random.below(2000) : 2) + after.slice(length);
    case 2: return before + String.fromCharCode(random.below(256)) + after.slice(1);
    case 3: return before + random.pick(BYTES) + after;
    case 4: return before + random.pick(BYTES) + after.slice(length);
    case 5: return random.once(4) ? before : text;
    case 6: return intoLines(random, text, random.pick(words));
    case 7: return swapLines(random, text);
    default: return before + random.pick(words) + after;
  }
}

/** Puts a line after one of the lines. */
function intoLines(random: Random, text: string, line: string): string {
  const lines = text.split('\r\n');
  lines.splice(1 + random.below(lines.length), 0, line);
  return lines.join('\r\n');
}

function swapLines(random: Random, text: string): string {
  const lines = text.split('\r\n');
  const [i, j] = [random.below(lines.length), random.below(lines.length)];
  [lines[i], lines[j]] = [lines[j] ?? '', lines[i] ?? ''];
  return lines.join('\r\n');
}
