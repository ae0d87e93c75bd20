import { isMap, isScalar, isSeq, LineCounter, type Document as YamlDocument, type Node, type Pair } from 'yaml';
import type { Frame, Path, Position, Range } from '../diagnostics/diagnostic.js';
import { frameOf } from './frame.js';
import { secretSpans, type Span } from './secrets.js';
import type { Source } from './source.js';

/** A key or a value: what of an entry a diagnostic points at. */
export type Spot = 'key' | 'value';

/** Plain data with the positions that it came from. */
export class Document {
  #spans: readonly Span[] | undefined;

  constructor(
    readonly source: Source,
    /** Mappings are objects without a prototype; environment placeholders are resolved. */
    readonly value: unknown,
    private readonly yaml: YamlDocument,
    private readonly lines: LineCounter,
    private readonly broken: boolean,
  ) {}

  /** Where a path stands in the file; of a missing value, where its nearest ancestor's key stands. */
  locate(path: Path, spot: Spot = 'value'): Range {
    const found = find(this.yaml.contents, path);
    const node = spot === 'key' || found.missing ? (found.key ?? found.node) : (found.node ?? found.key);
    const [start = 0, end = start] = node?.range ?? [0, 0];
    return this.range(start, Math.max(end, start));
  }

  /** The range between two 0-based offsets. */
  range(start: number, end: number): Range {
    return { file: this.source.file, start: this.position(start), end: this.position(end) };
  }

  /** The lines around a range, secrets masked. */
  frame(range: Range): Frame {
    this.#spans ??= secretSpans(this.source.text, this.yaml.contents, this.broken);
    return frameOf(this.source.text, this.#spans, range);
  }

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), offset };
  }
}

interface Found {
  readonly key?: Node | undefined;
  readonly node?: Node | undefined;
  readonly missing: boolean;
}

/** Follows a path as far as it leads. */
function find(root: Node | null, path: Path): Found {
  let node: Node | undefined = root ?? undefined;
  let key: Node | undefined;
  for (const step of path) {
    const entry: { key?: Node | undefined; node?: Node | undefined } | undefined = child(node, step);
    if (!entry) return { key, node, missing: true };
    key = entry.key ?? entry.node;
    node = entry.node;
  }
  return { key, node, missing: false };
}

function child(node: Node | undefined, step: string | number): { key?: Node | undefined; node?: Node | undefined } | undefined {
  if (isSeq(node) && typeof step === 'number') return step < node.items.length ? { node: asNode(node.items[step]) } : undefined;
  if (!isMap(node)) return undefined;
  // of duplicate keys the last one is meant: a diagnostic about it says so
  const pair = node.items.findLast((item: Pair) => isScalar(item.key) && (String(item.key.value) === String(step) || item.key.source === String(step)));
  return pair && { key: asNode(pair.key), node: asNode(pair.value) };
}

const asNode = (value: unknown): Node | undefined => (isScalar(value) || isMap(value) || isSeq(value) ? value : undefined);
