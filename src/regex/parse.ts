import { ANY, printChar } from './char-set.js';
import { chars, readClass, readEscape, readShorthand, type Chars } from './class.js';
import { RegexProblem, type Flags, type Parsed, type RegexNode } from './node.js';
import { Text } from './text.js';

/** Deeper groups are refused: each is a call deeper. */
const MAX_DEPTH = 50;

interface Part {
  readonly node: RegexNode;
  readonly source: string;
}

/** Understands a regular expression in the common part of PCRE and JavaScript, or throws a RegexProblem. */
export function parseRegex(source: string, flags: Flags): Parsed {
  const text = new Text(source);
  const leading = text.match(/\(\?([imsx]+)\)/y)?.[1] ?? '';
  if (leading.includes('x')) throw new RegexProblem('the flag x is not known', 'write it without spaces and comments');
  const all = { ignoreCase: flags.ignoreCase || leading.includes('i'), multiline: flags.multiline || leading.includes('m'), dotAll: flags.dotAll || leading.includes('s') };
  return new Parser(text, all).parse();
}

class Parser {
  #depth = 0;
  #backtracking: string | undefined;
  #foreign = false;

  constructor(private readonly text: Text, private readonly flags: Flags) {}

  parse(): Parsed {
    const { node, source } = this.#choice();
    if (!this.text.atEnd) throw new RegexProblem('a `)` closes nothing', 'a bracket that is meant as text needs a backslash: `\\)`');
    return { node, source, flags: this.flags, backtracking: this.#backtracking, foreign: this.#foreign };
  }

  #choice(): Part {
    const options = [this.#sequence()];
    while (this.text.take('|')) options.push(this.#sequence());
    const [only] = options;
    if (only && options.length === 1) return only;
    return { node: { type: 'choice', options: options.map(({ node }) => node) }, source: options.map(({ source }) => source).join('|') };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (!this.text.atEnd && this.text.next !== '|' && this.text.next !== ')') {
      if (this.text.match(/\(\?#[^)]*\)/y)) continue;
      parts.push(...(this.text.take('\\Q') ? this.#quoted() : [this.#repeated(this.#atom())]));
    }
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return { node: { type: 'sequence', items: parts.map(({ node }) => node) }, source: parts.map(({ source }) => source).join('') };
  }

  #quoted(): Part[] {
    const parts: Part[] = [];
    while (!this.text.atEnd && !this.text.take('\\E')) parts.push(this.#char(this.text.read().charCodeAt(0)));
    return parts;
  }

  #repeated(atom: Part): Part {
    const found = this.text.match(/[*+?]|\{(\d{1,9})(,?)(\d{0,9})\}/y);
    if (!found) return atom;
    const [sign, low = '', comma, high] = found;
    const least = sign === '+' ? 1 : low === '' ? 0 : Number(low);
    const most = sign === '?' ? 1 : low === '' ? Infinity : comma === '' ? least : high ? Number(high) : Infinity;
    if (most < least) throw new RegexProblem(`\`${sign}\` asks for at least ${least} and at most ${most}`);
    if (least > 1000 || (most > 1000 && most !== Infinity)) throw new RegexProblem(`\`${sign}\` repeats more than 1000 times`);
    if (atom.node.type === 'start' || atom.node.type === 'place' || atom.node.type === 'look') throw new RegexProblem(`there is nothing that \`${sign}\` could repeat`);
    if (this.text.next === '+') throw new RegexProblem(`possessive repetition (\`${sign}+\`) is not known`, `write \`${sign}\`: no expression that is accepted takes long`);
    const lazy = this.text.take('?') ? '?' : '';
    if (/[*+?]/.test(this.text.next)) throw new RegexProblem(`\`${sign}\` is itself repeated`, 'put brackets around it');
    return { node: { type: 'repeat', body: atom.node, least, most }, source: `${atom.source}${sign}${lazy}` };
  }

  #atom(): Part {
    const char = this.text.read();
    if (char === '(') return this.#group();
    if (char === '[') return set(readClass(this.text, this.flags.ignoreCase));
    if (char === '.') return this.flags.dotAll ? set({ set: ANY, source: '.' }) : set(chars([[10, 10]], true, false));
    if (char === '^') return { node: { type: this.flags.multiline ? 'place' : 'start' }, source: '^' };
    if (char === '$') return { node: { type: 'place' }, source: '$' };
    if (char === '\\') return this.#escape();
    if (/[\ud800-\udbff]/.test(char) && !this.text.atEnd) return { node: { type: 'set', set: ANY }, source: `(?:${char}${this.text.read()})` };
    if (/[*+?]/.test(char)) throw new RegexProblem(`there is nothing that \`${char}\` could repeat`, `a text needs a backslash: \`\\${char}\``);
    return this.#char(char.charCodeAt(0));
  }

  #escape(): Part {
    const { text } = this;
    const shorthand = readShorthand(text);
    if (shorthand) return set(chars(shorthand.set, shorthand.negated, false));
    const property = text.match(/[pP](?:\{\^?\w+\}|[A-Z])/y);
    if (property) return this.#onlyRe2({ node: { type: 'set', set: ANY }, source: `\\${property[0]}` });
    const place = text.match(/[bB]/y);
    if (place) return { node: { type: 'place' }, source: `\\${place[0]}` };
    const edge = text.match(/[AzZG]/y);
    if (edge) return this.#edge(edge[0]);
    const reference = text.match(/[1-9]\d?|k[<{'](\w+)[>}']/y);
    if (!reference) return this.#char(readEscape(text));
    this.#backtracking ??= 'a back reference';
    return { node: { type: 'backreference' }, source: reference[1] === undefined ? `(?:\\${reference[0]})` : `\\k<${reference[1]}>` };
  }

  #edge(letter: string): Part {
    if (letter === 'G' || this.flags.multiline) throw new RegexProblem(`\`\\${letter}\` means nothing here`, 'write `^` or `$`, without the flag m');
    return letter === 'A' ? { node: { type: 'start' }, source: '^' } : { node: { type: 'place' }, source: '$' };
  }

  #group(): Part {
    if (++this.#depth > MAX_DEPTH) throw new RegexProblem(`brackets nest deeper than ${MAX_DEPTH}`);
    const opening = this.#opening();
    const inner = this.#choice();
    if (!this.text.take(')')) throw new RegexProblem('a `(` is not closed', 'a bracket that is meant as text needs a backslash: `\\(`');
    this.#depth--;
    const node: RegexNode = opening.startsWith('(?=') || opening.startsWith('(?!') || /^\(\?<[=!]/.test(opening) ? { type: 'look', body: inner.node } : inner.node;
    return { node, source: `${opening}${inner.source})` };
  }

  #opening(): string {
    const { text } = this;
    const name = text.match(/\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y);
    if (name) return `(?<${name[1] ?? name[2] ?? ''}>`;
    const look = text.match(/\?<?[=!]/y);
    if (look) {
      this.#backtracking ??= look[0].includes('<') ? 'a look behind' : 'a look ahead';
      return `(${look[0]}`;
    }
    if (text.take('?:')) return '(?:';
    const flags = text.match(/\?[imsU]*(?:-[imsU]+)?:/y);
    if (flags) return this.#onlyRe2(`(${flags[0]}`);
    if (text.take('?>')) throw new RegexProblem('an atomic group (`(?>`) is not known', 'write `(?:`: no expression that is accepted takes long');
    if (/[?*]/.test(text.next)) throw new RegexProblem(`\`(${text.next}${text.peek(1)}\` is not known`, 'flags stand at the beginning, as in `(?i)`, or in a group, as in `(?i:a)`');
    return '(';
  }

  /** What JavaScript does not know, and RE2 does. */
  #onlyRe2<T>(part: T): T {
    this.#foreign = true;
    return part;
  }

  #char(code: number): Part {
    return { ...set(chars([[code, code]], false, this.flags.ignoreCase)), source: printChar(code) };
  }
}

const set = ({ set: characters, source }: Chars): Part => ({ node: { type: 'set', set: characters }, source });
