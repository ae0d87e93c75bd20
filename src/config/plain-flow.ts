import type { Node, Pair, Scalar } from 'yaml';
import { newMap, newPair, newSeq } from './plain-nodes.js';
import type { PlainText } from './plain-text.js';
import { Fault, Unsure } from './plain-words.js';

/** Reads what stands in brackets, on one line or several. */
export class FlowReader {
  #column = -1;

  constructor(private readonly text: PlainText) {}

  /** Reads brackets within a block of a column: their lines stand further right. */
  read(column: number): Node {
    this.#column = column;
    return this.#value();
  }

  #value(): Node {
    if (this.text.char === '{') return this.#mapping();
    if (this.text.char === '[') return this.#list();
    return this.text.flowScalar();
  }

  #mapping(): Node {
    const { text } = this;
    const map = newMap(true, text.at);
    this.#items('}', () => map.items.push(this.#pair()));
    map.end = text.at;
    return map;
  }

  #list(): Node {
    const { text } = this;
    const list = newSeq(true, text.at);
    this.#items(']', () => list.items.push(this.#value()));
    list.end = text.at;
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

  #pair(): Pair<Scalar, Node> {
    const { text } = this;
    const key = text.flowScalar();
    // where no space follows, only a quote before the colon makes it one
    if (text.char !== ':') throw new Unsure();
    text.at++;
    const behind = text.at;
    this.#space();
    if (text.at === behind && key.type === 'PLAIN') throw new Unsure();
    return newPair(key, this.#value());
  }

  /** Spaces, line breaks and comments. */
  #space(): void {
    const { text } = this;
    text.spaces();
    if (text.char !== '\n' && text.char !== '#') return;
    if (!text.endsLine() || text.atEnd || text.column <= this.#column) throw new Unsure();
  }
}
