import { each, type Steps } from '../steps.js';

/** A stretch of characters, and what begins with it. */
interface Node<T> {
  label: string;
  /** The first character of each child's label, in the order of the children. */
  keys: string;
  children: Node<T>[];
  entry: Entry<T> | undefined;
}

/** What stands at a prefix. */
export interface Entry<T> {
  readonly value: T;
  /** At the next shorter prefix of the same path. */
  readonly shorter: Entry<T> | undefined;
}

const NO_CHILDREN: readonly never[] = [];

/**
 * Values by prefix, as a compressed radix tree. A look-up walks along the characters of a path once, so it takes the same
 * time for ten prefixes as for a hundred thousand.
 */
export class RadixTree<T> {
  readonly #root: Node<T> = leaf('', undefined);

  /** Makes a tree; each prefix stands in it once. */
  static *of<T>(entries: Iterable<readonly [prefix: string, value: T]>): Steps<RadixTree<T>> {
    const tree = new RadixTree<T>();
    // shorter ones first: what is met on the way to one are all that it begins with
    yield* each([...entries].sort(([a], [b]) => a.length - b.length), ([prefix, value]) => tree.#add(prefix, value));
    return tree;
  }

  /** What stands at the longest prefix of a path; the others hang on it. */
  find(path: string): Entry<T> | undefined {
    let node = this.#root;
    let found = node.entry;
    let at = 0;
    while (at < path.length) {
      const child = node.children[node.keys.indexOf(path.charAt(at))];
      if (!child || !path.startsWith(child.label, at)) break;
      at += child.label.length;
      found = child.entry ?? found;
      node = child;
    }
    return found;
  }

  #add(prefix: string, value: T): void {
    let node = this.#root;
    let shorter = node.entry;
    let at = 0;
    while (at < prefix.length) {
      const key = node.keys.indexOf(prefix.charAt(at));
      const child = node.children[key];
      if (!child) return adopt(node, leaf(prefix.slice(at), { value, shorter }));
      const shared = sharedLength(child.label, prefix, at);
      const next = shared < child.label.length ? split(node, key, child, shared) : child;
      shorter = next.entry ?? shorter;
      node = next;
      at += shared;
    }
    node.entry = { value, shorter };
  }
}

function leaf<T>(label: string, entry: Entry<T> | undefined): Node<T> {
  // leaves are most of a tree: they share what they do not have
  return { label, keys: '', children: NO_CHILDREN as unknown as Node<T>[], entry };
}

function adopt<T>(node: Node<T>, child: Node<T>): void {
  if (node.keys === '') node.children = [];
  node.keys += child.label.charAt(0);
  node.children.push(child);
}

/** Puts a node for the first characters of a child's label in its place, and the child below it. */
function split<T>(parent: Node<T>, key: number, child: Node<T>, length: number): Node<T> {
  const upper = leaf<T>(child.label.slice(0, length), undefined);
  child.label = child.label.slice(length);
  adopt(upper, child);
  parent.children[key] = upper;
  return upper;
}

function sharedLength(label: string, text: string, at: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(at + length)) length++;
  return length;
}
