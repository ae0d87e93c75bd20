import { LineCounter, type Node } from 'yaml';
import { Fault } from './plain-words.js';
import { readPlainYaml } from './plain-yaml.js';

/** Where what a text says stands in it. */
export interface Places {
  /** The nodes that the text is read into; null where it says nothing. */
  readonly root: Node | null;
  readonly lines: LineCounter;
}

/** Where what a text says stands, read once somebody asks: of most texts nobody does. */
export class PlainPlaces implements Places {
  #root: Node | undefined;
  #lines: LineCounter | undefined;

  constructor(private readonly text: string) {}

  get root(): Node {
    return (this.#root ??= this.#read());
  }

  get lines(): LineCounter {
    return (this.#lines ??= linesOf(this.text));
  }

  #read(): Node {
    const root = readPlainYaml(this.text);
    if (!root || root instanceof Fault) throw new Error('a text was read, and then not');
    return root;
  }
}

/** The lines of a text, which the parser counts by itself. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
