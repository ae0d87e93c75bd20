import { isMap, isPair, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Frame, Path, Position, Range } from '../diagnostics/diagnostic.js';
import type { Vocabulary } from '../schema/vocabulary.js';
import { frameOf, linesAround, MASK } from './frame.js';
import type { Places } from './places.js';
import { placeholdersOf, type Placeholders } from './placeholders.js';
import { Secrets } from './secrets.js';
import type { Source } from './source.js';

/** A key or a value: what of an entry a diagnostic points at. */
export type Spot = 'key' | 'value';

/** Plain data with the positions that it came from. */
export class Document {
  #secrets: Secrets | undefined;
  readonly #entries = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(
    readonly source: Source,
    /** Mappings are objects without a prototype; environment placeholders are resolved. */
    readonly value: unknown,
    private readonly places: Places | undefined,
    private readonly vocabulary: Vocabulary,
    private readonly broken: boolean,
  ) {}

  /** Stands for a text that was read elsewhere, where everything was told that can be: it knows no places. */
  static unread(file: string, hash: string, value: unknown, vocabulary: Vocabulary): Document {
    return new Document({ file, hash, text: '' }, value, undefined, vocabulary, false);
  }

  /** Whether its text is here, and with it the places. */
  get isHere(): boolean {
    return this.places !== undefined;
  }

  /** Where a path stands in the file; of a missing value, where its nearest ancestor's key stands. */
  locate(path: Path, spot: Spot = 'value'): Range {
    const found = this.find(path);
    const node = spot === 'key' || found.missing ? (found.key ?? found.node) : (found.node ?? found.key);
    const start = node?.range?.[0] ?? 0;
    return this.range(start, Math.max(endOf(node), start));
  }

  /** The range between two 0-based offsets. */
  range(start: number, end: number): Range {
    return { file: this.source.file, start: this.position(start), end: this.position(end) };
  }

  /** The lines around a range, secrets masked. */
  frame(range: Range): Frame {
    const { text } = this.source;
    return frameOf(text, this.secrets.spansIn(linesAround(text, range)), range);
  }

  /** Whether a key of a mapping may be a secret that stands in the wrong place. */
  isSecretName(name: string | number): boolean {
    // what the vocabulary has is known to be none
    return typeof name === 'string' && !this.vocabulary.has(name) && this.secrets.names.has(name);
  }

  /** A path as it may be shown. */
  shown(path: Path): Path {
    return path.some((step) => this.isSecretName(step)) ? path.map((step) => (this.isSecretName(step) ? MASK : step)) : path;
  }

  /** The environment variables that make a value, if any do. */
  placeholders(path: Path): Placeholders | undefined {
    const { node, missing } = this.find(path);
    if (missing || !isScalar(node) || typeof node.value !== 'string') return undefined;
    return placeholdersOf(node.value, node.type?.startsWith('QUOTE') === true);
  }

  /** Whether a comment begins where the value of an entry stands, without a space after its `#`. */
  isComment(path: Path): boolean {
    const { start } = this.locate(path);
    return /^[ \t]*#[^\s#]/.test(this.source.text.slice(start.offset, start.offset + 200));
  }

  /** The character that a value begins with: of a mapping in brackets `{`, of a block text `|`. */
  firstOf(path: Path): string {
    return this.source.text.charAt(this.locate(path).start.offset);
  }

  private get secrets(): Secrets {
    this.#secrets ??= new Secrets(this.source.text, this.places?.root ?? null, this.broken, this.vocabulary);
    return this.#secrets;
  }

  private position(offset: number): Position {
    const { line = 1, col = 1 } = this.places?.lines.linePos(offset) ?? {};
    return { line: Math.max(line, 1), column: Math.max(col, 1), offset };
  }

  /** Follows a path as far as it leads. */
  private find(path: Path): Found {
    let node: Node | undefined = this.places?.root ?? undefined;
    let key: Node | undefined;
    for (const step of path) {
      const entry: Entry | undefined = this.child(node, step);
      if (!entry) return { key, node, missing: true };
      key = entry.key ?? entry.node;
      node = entry.node;
    }
    return { key, node, missing: false };
  }

  private child(node: Node | undefined, step: string | number): Entry | undefined {
    if (isSeq(node) && typeof step === 'number') return step < node.items.length ? { node: asNode(node.items[step]) } : undefined;
    const pair = isMap(node) ? this.entriesOf(node).get(String(step)) : undefined;
    return pair && { key: asNode(pair.key), node: asNode(pair.value) };
  }

  /** One index per mapping: of a mapping with many faults each fault is found at once. */
  private entriesOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#entries.get(map);
    if (known) return known;
    // of duplicate keys the last one is meant: a diagnostic about it says so
    const entries = new Map((map.items as Pair[]).flatMap((pair): [string, Pair][] => (isScalar(pair.key) ? [[keyText(pair.key), pair]] : [])));
    this.#entries.set(map, entries);
    return entries;
  }
}

interface Entry {
  readonly key?: Node | undefined;
  readonly node?: Node | undefined;
}

interface Found extends Entry {
  readonly missing: boolean;
}

/** Where a node ends; a block ends with its last text, and not where the parser stopped looking for more of it. */
function endOf(node: Node | undefined): number {
  const end = node?.range?.[1] ?? 0;
  if (!(isMap(node) || isSeq(node)) || node.flow) return end;
  const last: unknown = node.items.at(-1);
  const inner = isPair(last) ? (asNode(last.value) ?? asNode(last.key)) : asNode(last);
  return inner ? endOf(inner) : end;
}

/** The text of a key: of a plain one as it is written, so that `1.0` and `0x10` stay what they are. */
export function keyText(key: Scalar): string {
  return key.type === 'PLAIN' ? (key.source ?? String(key.value)) : String(key.value);
}

const asNode = (value: unknown): Node | undefined => (isScalar(value) || isMap(value) || isSeq(value) ? value : undefined);
