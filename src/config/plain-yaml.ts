import type { Node } from 'yaml';
import { FlowReader } from './plain-flow.js';
import type { Maker } from './plain-maker.js';
import { NODES, putLate } from './plain-nodes.js';
import { PlainText } from './plain-text.js';
import { VALUES } from './plain-values.js';
import { Fault, Unsure } from './plain-words.js';

/**
 * Reads the YAML that configurations are mostly written in (blocks, plain and quoted texts on one line, literal blocks,
 * brackets), some twenty times as fast as the parser of the `yaml` package, into the same nodes with the same positions.
 * Returns undefined for whatever it is not sure of, which is the parser's to read, and for most faults, which are the
 * parser's to tell; of a comma where a value belongs it tells itself, since many of these take the parser minutes. That
 * the two agree is proven by test/config/plain-yaml.test.ts.
 */
export function readPlainYaml(text: string): Node | Fault | undefined {
  return read(text, NODES);
}

/** The same, into what the nodes stand for; undefined also where a key stands twice in a mapping. */
export function readPlainValue(text: string): { readonly value: unknown } | undefined {
  const value = read(text, VALUES);
  return value === undefined || value instanceof Fault ? undefined : { value };
}

/**
 * The nodes of a text that `readPlainValue` has read. What stands below each key of the top is read once it is asked for:
 * a warning about a consumer does not have ten thousand routes read.
 */
export function readPlainTop(text: string): Node {
  const top = new PlainText(text, NODES);
  top.nextLine();
  if (top.isFlowStart || top.isDash || top.column > 0) return new BlockReader(new PlainText(text, NODES)).read();
  const map = NODES.map(false, top.at);
  while (!top.atEnd) {
    const key = top.key();
    const { at } = top;
    putLate(map, key, () => new BlockReader(new PlainText(text, NODES, at)).below());
    top.nextTop();
  }
  return map;
}

function read<T>(text: string, make: Maker<T>): T | Fault | undefined {
  if (/[\x00-\x08\x0b-\x1f\x7f\ufeff\t]/.test(text)) return undefined;
  try {
    return new BlockReader(new PlainText(text, make)).read();
  } catch (error) {
    if (error instanceof Fault) return error;
    if (error instanceof Unsure) return undefined;
    throw error;
  }
}

class BlockReader<T> {
  readonly #flow: FlowReader<T>;

  constructor(private readonly text: PlainText<T>) {
    this.#flow = new FlowReader(text);
  }

  read(): T {
    const { text } = this;
    text.nextLine();
    if (text.atEnd) throw new Unsure();
    const root = text.isFlowStart ? this.#inline(-1) : this.#block();
    if (!text.atEnd) throw new Unsure();
    return root;
  }

  /** What stands behind a key of the top. */
  below(): T {
    return this.#value(0);
  }

  /** A mapping or a list that starts here; its column is that of its first character. */
  #block(): T {
    return this.text.isDash ? this.#list(this.text.column) : this.#mapping(this.text.column);
  }

  #mapping(column: number): T {
    const { text } = this;
    const map = text.make.map(false, text.at);
    do {
      const key = text.key();
      text.make.entry(map, key, this.#value(column));
    } while (this.#goesOn(column) && !text.isDash);
    if (!text.atEnd && text.column === column) throw new Unsure();
    return map;
  }

  #list(column: number): T {
    const { text } = this;
    const list = text.make.list(false, text.at);
    do {
      text.dash();
      text.make.item(list, this.#item(column));
    } while (this.#goesOn(column) && text.isDash);
    return list;
  }

  /** Whether the next line belongs to the block of a column; one that stands between blocks is a fault. */
  #goesOn(column: number): boolean {
    const { text } = this;
    if (text.atEnd || text.column < column) return false;
    if (text.column > column) throw new Unsure();
    return true;
  }

  /** What stands behind a key's colon. */
  #value(column: number): T {
    const { text } = this;
    const behind = text.at;
    if (!text.endsLine()) return this.#inline(column);
    const isBlock = !text.atEnd && (text.column > column || (text.column === column && text.isDash));
    return isBlock ? this.#block() : this.#nothing(behind);
  }

  /** What stands behind a dash. */
  #item(column: number): T {
    const { text } = this;
    const behind = text.at;
    if (text.endsLine()) return !text.atEnd && text.column > column ? this.#block() : this.#nothing(behind);
    return text.isDash || text.isKey ? this.#block() : this.#inline(column);
  }

  /** A value that starts on the line of its key or dash. */
  #inline(column: number): T {
    const { text } = this;
    if (text.isLiteralStart) return text.literal(column);
    const node = text.isFlowStart ? this.#flow.read(column) : text.scalar();
    // more on the line is a fault, and a deeper line below goes on with the text
    if (!text.endsLine() || (!text.atEnd && text.column > column)) throw new Unsure();
    return node;
  }

  #nothing(at: number): T {
    return this.text.make.scalar(null, 'PLAIN', '', at, at);
  }
}
