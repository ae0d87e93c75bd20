import type { Maker } from './plain-maker.js';
import { cut, doubleQuoted, singleQuoted, typed, Unsure } from './plain-words.js';

/** What a plain text may start with: no indicator, or one that a character follows which makes it none. */
const PLAIN = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^\s,[\]{}]))[^\n]*/y;
const PLAIN_IN_FLOW = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^\s,[\]{}]))[^\n,[\]{}]*/y;
const DOUBLE = /"(?:[^"\\\n]|\\[^\n])*"/y;
const SINGLE = /'(?:[^'\n]|'')*'/y;
/** What most keys and texts are: without a space, so that nothing has to be cut off behind them. */
const WORD_KEY = /[A-Za-z_][\w-]*(?=:(?:[ \n]|$))/y;
const WORD = /[\w/][\w/.*-]*(?=\n)/y;
const WORD_IN_FLOW = /[\w/][\w/.*-]*(?=[,\]}])/y;
/** Before a line that begins with a key: no blank, no comment, no dash of a list. */
const NEXT_TOP = /\n(?=[^\s#-]|-\S)/g;
const SPACE = 32;

/** Makes nothing of a text that is only looked at. */
const NOTHING = (): null => null;

function sure<T>(read: T | undefined): T {
  if (read === undefined) throw new Unsure();
  return read;
}

/** A text of one document that is read line by line. */
export class PlainText<T> {
  #lineStart = 0;

  constructor(private readonly text: string, readonly make: Maker<T>, public at = 0) {}

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Spaces before the present place in its line, whatever stands there. */
  get column(): number {
    return this.at - this.#lineStart;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  get isDash(): boolean {
    return this.char === '-' && this.#isSpace(this.at + 1);
  }

  get isFlowStart(): boolean {
    return this.char === '[' || this.char === '{';
  }

  get isLiteralStart(): boolean {
    return this.char === '|' || this.char === '>';
  }

  /** Whether a key starts here. */
  get isKey(): boolean {
    const { at } = this;
    const isKey = this.#scalar(NOTHING, WORD_KEY, PLAIN, true) !== undefined && this.#isColon();
    this.at = at;
    return isKey;
  }

  /** Reads a key with its colon, and the spaces behind it. */
  key(): T {
    const start = this.at;
    const key = this.#scalar(this.make.key, WORD_KEY, PLAIN, true);
    if (key === undefined || !this.#isColon() || this.at - start > 1000) throw new Unsure();
    this.at++;
    this.spaces();
    return key;
  }

  dash(): void {
    this.at++;
    this.spaces();
  }

  scalar(): T {
    return sure(this.#scalar(this.make.scalar, WORD, PLAIN, false));
  }

  flowScalar(): T {
    return sure(this.#scalar(this.make.scalar, WORD_IN_FLOW, PLAIN_IN_FLOW, true));
  }

  flowKey(): T {
    return sure(this.#scalar(this.make.key, WORD_IN_FLOW, PLAIN_IN_FLOW, true));
  }

  spaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  /** Whether nothing but a comment follows on this line; then the next line that says something is gone to. */
  endsLine(): boolean {
    const from = this.at;
    this.spaces();
    const isComment = this.char === '#' && (this.at > from || this.text[this.at - 1] === ' ');
    if (!this.atEnd && this.char !== '\n' && !isComment) return false;
    this.#leaveLine();
    this.nextLine();
    return true;
  }

  /** Goes to the first character of the next line that says something; of lines, the present one counts if nothing of it was read. */
  nextLine(): void {
    for (;;) {
      this.#lineStart = this.at;
      this.spaces();
      if (this.atEnd) return;
      if (this.char !== '\n' && this.char !== '#') break;
      this.#leaveLine();
    }
    if (this.column === 0 && (this.char === '%' || /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(this.at, this.at + 4)))) throw new Unsure();
  }

  /** Goes to the next key at the beginning of a line, past all that stands below the present one. */
  nextTop(): void {
    NEXT_TOP.lastIndex = this.at;
    this.at = NEXT_TOP.test(this.text) ? NEXT_TOP.lastIndex : this.text.length;
    this.#lineStart = this.at;
  }

  /** Reads a literal block below a column. */
  literal(column: number): T {
    const start = this.at;
    const strip = this.text.startsWith('|-\n', start);
    if (!strip && !this.text.startsWith('|\n', start)) throw new Unsure();
    this.at = start + (strip ? 3 : 2);
    const indent = this.#indentAt(this.at);
    if (indent <= Math.max(column, 0) || this.text[this.at + indent] === '\n') throw new Unsure();
    const lines: string[] = [];
    while (!this.atEnd && this.#indentAt(this.at) >= indent) {
      const end = this.#lineEnd();
      const line = this.text.slice(this.at + indent, end);
      // how lines of nothing count at the end is the parser's to say
      if (line.trim() === '' || end === this.text.length) throw new Unsure();
      lines.push(line);
      this.at = end + 1;
    }
    const value = lines.join('\n') + (strip ? '' : '\n');
    const scalar = this.make.scalar(value, 'BLOCK_LITERAL', value, start, this.at);
    const below = this.at;
    this.nextLine();
    // a blank line or a comment below may belong to the block
    if (!this.atEnd && this.#lineStart !== below) throw new Unsure();
    if (!this.atEnd && this.column > column) throw new Unsure();
    return scalar;
  }

  /** Undefined where no text starts. */
  #scalar<S>(make: Maker<S>['scalar'], word: RegExp, plain: RegExp, mayBeKey: boolean): S | undefined {
    if (this.char === '"') return this.#quoted(make, DOUBLE, 'QUOTE_DOUBLE', doubleQuoted);
    if (this.char === "'") return this.#quoted(make, SINGLE, 'QUOTE_SINGLE', singleQuoted);
    const start = this.at;
    const source = this.#word(word) ?? this.#plain(plain, mayBeKey);
    if (source === undefined) return undefined;
    this.at = start + source.length;
    return make(typed(source), 'PLAIN', source, start, this.at);
  }

  #word(word: RegExp): string | undefined {
    word.lastIndex = this.at;
    return word.test(this.text) ? this.text.slice(this.at, word.lastIndex) : undefined;
  }

  #plain(plain: RegExp, mayBeKey: boolean): string | undefined {
    plain.lastIndex = this.at;
    const found = plain.exec(this.text)?.[0];
    return found === undefined ? undefined : cut(found, mayBeKey);
  }

  #quoted<S>(make: Maker<S>['scalar'], pattern: RegExp, type: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE', value: (quoted: string) => string): S {
    const start = this.at;
    pattern.lastIndex = start;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Unsure();
    this.at = start + found.length;
    const text = value(found);
    return make(text, type, text, start, this.at);
  }

  /** A colon that ends a key, spaces before it left behind. */
  #isColon(): boolean {
    this.spaces();
    return this.char === ':' && this.#isSpace(this.at + 1);
  }

  #isSpace(at: number): boolean {
    const char = this.text[at];
    return char === undefined || char === ' ' || char === '\n';
  }

  #leaveLine(): void {
    this.at = Math.min(this.#lineEnd() + 1, this.text.length);
  }

  #lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  #indentAt(at: number): number {
    let end = at;
    while (this.text.charCodeAt(end) === SPACE) end++;
    return end - at;
  }
}
