/** A text that is read from left to right. */
export class Text {
  #at = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  /** The character that comes next; '' at the end. */
  get next(): string {
    return this.peek(0);
  }

  /** The character that was read last. */
  get before(): string {
    return this.peek(-1);
  }

  peek(ahead: number): string {
    return this.text[this.#at + ahead] ?? '';
  }

  read(): string {
    return this.text[this.#at++] ?? '';
  }

  /** Reads a given text if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  /** Reads what a sticky pattern matches next. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }
}
