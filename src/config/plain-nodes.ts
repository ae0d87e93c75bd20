import type { Node, Scalar } from 'yaml';
import type { Maker } from './plain-maker.js';

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

class LatePair {
  static { mark(this, 'pair'); }

  #value: Node | undefined;

  constructor(readonly key: Node, private readonly read: () => Node) {}

  get value(): Node {
    return (this.#value ??= this.read());
  }
}

/** Puts an entry into a mapping whose value is read once it is asked for. */
export const putLate = (map: Node, key: Node, read: () => Node): void => void asCollection(map).items.push(new LatePair(key, read));

/** Makes the nodes of the `yaml` package, as far as the project looks at them. */
export const NODES: Maker<Node> = {
  scalar: (value, type, source, start, end) => asNode(new PlainScalar(value, type, source, start, end)),
  key: (value, type, source, start, end) => asNode(new PlainScalar(value, type, source, start, end)),
  map: (flow, start) => asNode(new PlainMap(flow, start)),
  list: (flow, start) => asNode(new PlainSeq(flow, start)),
  entry: (map, key, value) => void asCollection(map).items.push(new PlainPair(key, value)),
  item: (list, value) => void asCollection(list).items.push(value),
  end(collection, end) {
    asCollection(collection).end = end;
  },
};

const asNode = (node: PlainNode): Node => node as unknown as Node;

const asCollection = (node: Node): PlainCollection => node as unknown as PlainCollection;

function mark({ prototype }: { readonly prototype: object }, kind: string): void {
  Object.defineProperty(prototype, KIND, { value: Symbol.for(`yaml.${kind}`) });
}
