import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Vocabulary } from '../schema/vocabulary.js';
import { spansOfGaps } from './secret-gaps.js';
import { isSpoken, LONGEST_RULE, secretOfRule } from './secret-names.js';
import { OPEN_BLOCKS, reaching, type Span } from './secret-places.js';
import { dependsOnValue, isSecretKey, isSecretValue } from './secret-rules.js';
import { holdsPassword, spansAnywhere } from './secret-signs.js';
import { spansOfText } from './secret-text.js';

/** Of a larger part of a text everything is looked for at once: there may be many faults on one line of megabytes. */
const LARGE_PART = 64 * 1024;

/** So much of a line is looked at for a secret that is read as a mark of YAML. */
const LONGEST_LINE = 4 * 1024;

/**
 * What no message may show of a text. In guarded blocks that is everything but what is known to be harmless; in open ones
 * values whose names sound secret. Of a text that did not parse, also whatever looks like one line by line.
 */
export class Secrets {
  #names: ReadonlySet<string> | undefined;
  #all: readonly Span[] | undefined;
  #anywhere: readonly Span[] | undefined;
  #guarded: readonly Span[] | undefined;

  constructor(private readonly text: string, private readonly root: Node | null, private readonly broken: boolean, private readonly vocabulary: Vocabulary) {}

  /** Keys of mappings that may be secrets in the wrong place. */
  get names(): ReadonlySet<string> {
    return (this.#names ??= this.#collect(this.#whole).names);
  }

  /** The stretches within some lines of the text, in order and without overlaps; some more may be told. */
  spansIn(lines: Span): readonly Span[] {
    if (this.broken || lines.end - lines.start > LARGE_PART) return (this.#all ??= this.#spans(this.#whole));
    return this.#spans(lines);
  }

  get #whole(): Span {
    return { start: 0, end: this.text.length };
  }

  #spans(part: Span): readonly Span[] {
    const { text, root, broken, vocabulary } = this;
    const { spans, shown } = this.#collect(part);
    const others = broken ? spansOfText(text, vocabulary) : spansOfGaps(text, part, spans.concat(shown), (this.#guarded ??= guardedRegions(text, root)));
    return merge(spans.concat(others, reaching((this.#anywhere ??= merge(spansAnywhere(text))), part)));
  }

  #collect(part: Span): Collector {
    const { text, root, broken, vocabulary } = this;
    const collector = new Collector(vocabulary, text, broken, part);
    // a broken text without a mapping is one scalar to the parser: the lines say more
    if (!broken || isMap(root) || isSeq(root)) collector.visit(root, TOP);
    return collector;
  }
}

/** The path of the document itself. */
const TOP: readonly string[] = [];

class Collector {
  /** One object for each path: most of a large file is a list of what is alike. */
  readonly #below = new Map<readonly string[], Map<string, readonly string[]>>();
  /** Whether what stands at a path may be a secret; undefined where that depends on what it is. */
  readonly #known = new Map<readonly string[], boolean | undefined>();
  readonly spans: Span[] = [];
  readonly shown: Span[] = [];
  readonly names = new Set<string>();

  constructor(private readonly vocabulary: Vocabulary, private readonly text: string, private readonly broken: boolean, private readonly part: Span) {}

  visit(node: unknown, path: readonly string[]): void {
    if (isSeq(node)) this.list(node, path);
    else if (isMap(node)) this.mapping(node, path);
    else if (isScalar(node)) this.note(node, this.isSecret(path, node.value));
  }

  private list({ items }: YAMLSeq, path: readonly string[]): void {
    // what an alias names may stand anywhere
    const named = isAlias(items[0]) ? 0 : secretOfRule(items.slice(0, LONGEST_RULE).map(textOf));
    const hidden = (item: unknown, i: number): boolean => named !== undefined && i !== named && !isSpoken(textOf(item));
    for (const [i, item] of within(this.part, items, startOf)) this.visit(item, this.below(path, hidden(item, i) ? 'secret' : '*'));
  }

  private mapping(map: YAMLMap, path: readonly string[]): void {
    for (const [, pair] of within(this.part, map.items as Pair[], startOfPair)) {
      const { key } = pair;
      const name = isScalar(key) ? String(key.value) : '';
      if (isScalar(key)) {
        const secret = isSecretKey(path, name, pair, this.vocabulary);
        this.note(key, secret, this.headOf(key));
        if (secret || holdsPassword(name)) this.names.add(name).add(key.source ?? name);
      } else this.visit(key, this.below(path, '?'));
      // at the earliest a value stands behind the colon of its key; it may not be read yet
      if ((endOf(key) ?? 0) + 1 < this.part.end) this.value(pair, this.below(path, name), name);
    }
  }

  private value(pair: Pair, path: readonly string[], name: string): void {
    this.visit(pair.value, path);
    if (!isMap(pair.value) && !isSeq(pair.value) && name !== '<<') this.noteMarks(pair, path);
  }

  /** A secret that starts with `#`, `*`, `&` or `!` and lacks its quotes is read as something else than a value. */
  private noteMarks({ key, value }: Pair, path: readonly string[]): void {
    const colon = this.text.indexOf(':', endOf(key) ?? 0);
    const [, blank = '', mark = ''] = /^([ \t]*#?)((?<=#)[^\r\n]+|[*&!][^\r\n]*)?/.exec(this.text.slice(colon + 1, colon + LONGEST_LINE)) ?? [];
    if (colon < 0 || mark === '' || !this.isSecret(path, isScalar(value) ? value.value : undefined)) return;
    const start = colon + 1 + blank.length;
    this.spans.push({ start, end: start + mark.length });
  }

  private below(path: readonly string[], step: string): readonly string[] {
    const siblings = this.#below.get(path) ?? new Map<string, readonly string[]>();
    const known = siblings.get(step);
    if (known) return known;
    const below = [...path, step];
    this.#below.set(path, siblings.set(step, below));
    return below;
  }

  private isSecret(path: readonly string[], value: unknown): boolean {
    if (!this.#known.has(path)) this.#known.set(path, dependsOnValue(path) ? undefined : isSecretValue(path, undefined, this.vocabulary));
    return this.#known.get(path) ?? isSecretValue(path, value, this.vocabulary);
  }

  /** How much of a key of a broken text may be shown: of several lines the first, if it is a known name that lacks its colon. */
  private headOf({ range }: Scalar): number {
    const [line = '', next] = this.broken ? this.text.slice(...(range ?? [0, 0])).split('\n', 2) : [];
    return next !== undefined && this.vocabulary.has(line.trimEnd()) ? line.trimEnd().length : 0;
  }

  private note(node: Node, secret: boolean, head = 0): void {
    const [start = 0, end = start] = node.range ?? [];
    if (end > start + head) (secret ? this.spans : this.shown).push({ start: start + head, end });
  }
}

/** The entries of a collection that may reach into a part of the text, with their places in it: each goes on up to the next. */
function* within<T>({ start, end }: Span, entries: readonly T[], startOf: (entry: T) => number | undefined): Generator<readonly [number, T]> {
  for (let i = Math.max(0, firstBehind(start, entries, startOf) - 1); i < entries.length; i++) {
    const entry = entries[i] as T;
    if ((startOf(entry) ?? 0) >= end) return;
    yield [i, entry];
  }
}

/** The place of the first entry that starts behind an offset; 0 where that cannot be told. */
function firstBehind<T>(offset: number, entries: readonly T[], startOf: (entry: T) => number | undefined): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = startOf(entries[middle] as T);
    if (start === undefined) return 0;
    if (start <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the guarded blocks of a document stand, comments between their entries included. */
function guardedRegions(text: string, root: Node | null): Span[] {
  if (!isMap(root)) return [{ start: 0, end: text.length }];
  const keys = root.items.map(({ key }) => key);
  return keys.flatMap((key, i) => {
    if (isScalar(key) && OPEN_BLOCKS.has(String(key.value))) return [];
    const next = keys[i + 1];
    return [{ start: startOf(key) ?? 0, end: next === undefined ? text.length : (startOf(next) ?? 0) }];
  });
}

/** What a scalar says; of anything else, itself. */
const textOf = (node: unknown): unknown => (isScalar(node) ? node.value : node);

const startOf = (node: unknown): number | undefined => (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined);

const endOf = (node: unknown): number | undefined => (isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[1] : undefined);

const startOfPair = ({ key }: Pair): number | undefined => startOf(key);

/** In order, without overlaps, so that a frame finds its own by bisection. */
function merge(spans: Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
