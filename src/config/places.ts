import { LineCounter, type Node } from 'yaml';
import { readPlainTop } from './plain-yaml.js';

/** Where what a text says stands in it. */
export interface Places {
  /** The nodes that the text is read into; null where it says nothing. */
  readonly root: Node | null;
  readonly lines: LineCounter;
}

/** Where what a text says stands that `readPlainValue` has read; read once somebody asks: of most texts nobody does. */
export class PlainPlaces implements Places {
  #root: Node | undefined;
  #lines: LineCounter | undefined;

  constructor(private readonly text: string) {}

  get root(): Node {
    return (this.#root ??= readPlainTop(this.text));
  }

  get lines(): LineCounter {
    return (this.#lines ??= linesOf(this.text));
  }
}

/** The lines of a text. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
