import type { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** How the `yaml` package tells kinds of nodes. */
const KIND = Symbol.for('yaml.node.type');

/** The `yaml` package marks each node by itself, which takes longer than to read the text: here the mark stands once for all. */
class PlainNode {
  tag: undefined;

  constructor(readonly start: number, public end: number) {}

  get range(): [number, number, number] {
    return [this.start, this.end, this.end];
  }
}

class PlainScalar extends PlainNode {
  static { mark(this, 'scalar'); }

  constructor(public value: unknown, readonly type: NonNullable<Scalar['type']>, public source: string, start: number, end: number) {
    super(start, end);
  }
}

class PlainCollection extends PlainNode {
  readonly items: unknown[] = [];

  constructor(readonly flow: boolean, start: number) {
    super(start, start);
  }
}

class PlainMap extends PlainCollection {
  static { mark(this, 'map'); }
}

class PlainSeq extends PlainCollection {
  static { mark(this, 'seq'); }
}

class PlainPair {
  static { mark(this, 'pair'); }

  constructor(readonly key: Node, readonly value: Node) {}
}

/** A mapping that begins at an offset; its entries are pushed. */
export const newMap = (flow: boolean, start: number): YAMLMap<Scalar, Node> & { end: number } => new PlainMap(flow, start) as unknown as YAMLMap<Scalar, Node> & { end: number };

/** A list that begins at an offset; its entries are pushed. */
export const newSeq = (flow: boolean, start: number): YAMLSeq<Node> & { end: number } => new PlainSeq(flow, start) as unknown as YAMLSeq<Node> & { end: number };

/** An entry of a mapping. */
export const newPair = (key: Scalar, value: Node): Pair<Scalar, Node> => new PlainPair(key, value) as unknown as Pair<Scalar, Node>;

/** A text, a number, a boolean or nothing; `source` is what a plain one is written as. */
export const newScalar = (value: unknown, type: NonNullable<Scalar['type']>, source: string, start: number, end: number): Scalar => new PlainScalar(value, type, source, start, end) as unknown as Scalar;

function mark({ prototype }: { readonly prototype: object }, kind: string): void {
  Object.defineProperty(prototype, KIND, { value: Symbol.for(`yaml.${kind}`) });
}
