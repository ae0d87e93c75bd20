import type { PlainText } from './plain-text.js';
import { Fault, Unsure } from './plain-words.js';

/** Reads what stands in brackets, on one line or several. */
export class FlowReader<T> {
  #column = -1;

  constructor(private readonly text: PlainText<T>) {}

  /** Reads brackets within a block of a column: their lines stand further right. */
  read(column: number): T {
    this.#column = column;
    return this.#value();
  }

  #value(): T {
    if (this.text.char === '{') return this.#mapping();
    if (this.text.char === '[') return this.#list();
    return this.text.flowScalar();
  }

  #mapping(): T {
    const { text } = this;
    const map = text.make.map(true, text.at);
    this.#items('}', () => this.#pair(map));
    text.make.end(map, text.at);
    return map;
  }

  #list(): T {
    const { text } = this;
    const list = text.make.list(true, text.at);
    this.#items(']', () => text.make.item(list, this.#value()));
    text.make.end(list, text.at);
    return list;
  }

  #items(closing: string, item: () => void): void {
    const { text } = this;
    text.at++;
    this.#space();
    while (text.char !== closing) {
      if (text.char === ',') throw new Fault(text.at);
      item();
      this.#space();
      if (text.char === ',') {
        text.at++;
        this.#space();
      } else if (text.char !== closing) throw new Unsure();
    }
    text.at++;
  }

  #pair(map: T): void {
    const { text } = this;
    const isQuoted = text.char === '"' || text.char === "'";
    const key = text.flowKey();
    // where no space follows, only a quote before the colon makes it one
    if (text.char !== ':') throw new Unsure();
    text.at++;
    const behind = text.at;
    this.#space();
    if (text.at === behind && !isQuoted) throw new Unsure();
    text.make.entry(map, key, this.#value());
  }

  /** Spaces, line breaks and comments. */
  #space(): void {
    const { text } = this;
    text.spaces();
    if (text.char !== '\n' && text.char !== '#') return;
    if (!text.endsLine() || text.atEnd || text.column <= this.#column) throw new Unsure();
  }
}
