import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, parse as parseYaml, parseAllDocuments, visit, Document as YamlDocument, type Node as YamlNode, type Pair, type Scalar, type YAMLMap, YAMLParseError } from 'yaml';
import type { Path, Range } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { tooDeepAt } from './depth.js';
import { Document, keyText } from './document.js';
import { tellDuplicate } from './duplicate-keys.js';
import { hasPlaceholder, hidePlaceholders, mayHavePlaceholders, placeholderWords, resolvePlaceholders, type Environment } from './placeholders.js';
import type { Vocabulary } from '../schema/vocabulary.js';
import { linesOf, PlainPlaces, type Places } from './places.js';
import { Fault } from './plain-words.js';
import { readPlainValue, readPlainYaml } from './plain-yaml.js';
import { newMapping } from './plain-values.js';
import { Report } from './report.js';
import type { Outcome, Source } from './source.js';
import { syntaxErrors } from './syntax-errors.js';

/** Beyond so many characters the parser may take seconds for faults that follow each other. */
const MUCH_TEXT = 16 * 1024;

/** A document; one that is refused though its form can be read, only to look for what else is wrong. */
export interface Parsed extends Outcome<Document> {
  readonly rest?: Document;
}

/** Parses YAML (or JSON, which is YAML) into plain data with positions; environment placeholders are resolved. */
export function parse(source: Source, env: Environment, vocabulary: Vocabulary): Parsed {
  // not left to the parser, which takes seconds over megabytes of nothing
  if (!/^[^\S\n]*[^\s#]/m.test(source.text)) return refuseEmpty(source);
  const text = hidePlaceholders(source.text);
  const deep = tooDeepAt(text);
  if (deep !== undefined) return refuseDepth(source, deep);

  // what placeholders stand for is told by the reader below
  const values = mayHavePlaceholders(text) ? undefined : readPlainValue(text);
  if (values) return { value: new Document(source, values.value, new PlainPlaces(text), vocabulary, false), diagnostics: [] };
  const plain = readPlainYaml(text);
  if (plain instanceof Fault) {
    // what little text the parser reads in time it tells more of
    if (text.length > MUCH_TEXT) return new Reader(source, faultyAt(plain.at), undefined, linesOf(text), env, vocabulary).read();
  } else if (plain) return new Reader(source, documentOf(plain), undefined, linesOf(text), env, vocabulary).read();

  const documents = parseAllDocuments(text, {
    prettyErrors: false, strict: true, version: '1.2', merge: false,
    uniqueKeys: false, // theirs is quadratic; the reader below tells duplicates in one pass
    logLevel: 'silent',
  });
  const [yaml, second] = 'empty' in documents ? [] : documents;
  if (!yaml || (yaml.contents === null && yaml.errors.length === 0 && !second)) return refuseEmpty(source);

  // its own counter of lines ends where it stops reading
  return new Reader(source, yaml, second, linesOf(text), env, vocabulary).read();
}

function documentOf(contents: YamlNode): YamlDocument {
  const yaml = new YamlDocument();
  yaml.contents = contents;
  return yaml;
}

/** A document of which nothing is known but where its fault is. */
function faultyAt(at: number): YamlDocument {
  const yaml = new YamlDocument();
  yaml.contents = null;
  yaml.errors.push(new YAMLParseError([at, at + 1], 'UNEXPECTED_TOKEN', ''));
  return yaml;
}

/** Walks one parsed document: tells its syntax errors, and turns its nodes into plain data. */
class Reader {
  private readonly report: Report;
  private readonly places: Places;
  private readonly syntaxOnly: Document;
  /** Where the walk is. */
  private readonly at: (string | number)[] = [];

  constructor(
    private readonly source: Source, private readonly yaml: YamlDocument, private readonly second: YamlDocument | undefined,
    lines: Places['lines'], private readonly env: Environment, private readonly vocabulary: Vocabulary,
  ) {
    this.places = { root: yaml.contents, lines };
    this.syntaxOnly = new Document(source, undefined, this.places, vocabulary, yaml.errors.length > 0 || second !== undefined);
    this.report = new Report(this.syntaxOnly);
  }

  read(): Parsed {
    if (this.second) this.refuseSecond(this.second);
    this.refuseDirectives();
    if (this.yaml.errors.length > 0) return { diagnostics: [...this.report.diagnostics, ...syntaxErrors(this.yaml, this.syntaxOnly)] };
    if (this.source.text.includes('${{')) this.resolveKeys();
    const value = this.plain(this.yaml.contents);
    const diagnostics = this.report.diagnostics;
    const document = new Document(this.source, value, this.places, this.vocabulary, false);
    if (hasErrors(diagnostics)) return { rest: document, diagnostics };
    return { value: document, diagnostics };
  }

  /** A directive can change how the whole text is read: `%YAML 1.1` makes a date of a text and a boolean of `yes`. */
  private refuseDirectives(): void {
    const explicit = this.yaml.directives?.yaml.explicit === true || this.yaml.warnings.some(({ code }) => code === 'BAD_DIRECTIVE');
    if (explicit) this.report.at('yaml-syntax', this.syntaxOnly.range(0, 1), 'a line that starts with `%` is a YAML directive, and directives are not accepted', { hint: 'remove that line, and the `---` after it' });
  }

  /** A tag can make anything of anything: `!!null plugins:`. */
  private refuseTag(node: YamlNode): void {
    if (!node.tag) return;
    const [value = 0, end = value] = node.range ?? [];
    const from = Math.max(0, value - 500);
    const tag = /(?<!\S)!\S*(?:\s+&\S+)?\s*$/.exec(this.source.text.slice(from, value));
    const start = tag ? from + tag.index : value;
    this.report.at('yaml-tag', this.syntaxOnly.range(start, Math.max(end, start + 1)), 'tags are not accepted', { path: this.path, hint: 'a text that starts with `!` needs quotes; else remove the word that starts with `!`' });
  }

  private refuseSecond(second: YamlDocument): void {
    const start = second.range?.[0] ?? 0;
    this.report.at('yaml-several-documents', this.syntaxOnly.range(start, start + 1), 'a second YAML document starts here; a configuration is one document', { hint: 'remove the `---` line' });
  }

  /** Replaces placeholders in keys, in the document itself: a path is made of the keys that it then has. */
  private resolveKeys(): void {
    const faults: (() => void)[] = [];
    visit(this.yaml, {
      Pair: (_, { key }) => {
        if (!isScalar(key) || !hasPlaceholder(keyText(key))) return;
        const [start = 0, end = start] = key.range ?? [];
        const text = this.resolve(keyText(key), (tell) => faults.push(() => tell(this.syntaxOnly.range(start, end))));
        key.value = text;
        key.source = text;
      },
    });
    // not before: what a frame hides depends on the keys
    for (const tell of faults) tell();
  }

  private get path(): Path {
    return [...this.at];
  }

  private plain(node: unknown): unknown {
    if (isCollection(node) || isScalar(node)) this.refuseTag(node);
    if (isScalar(node)) return this.scalar(node);
    if (isMap(node)) return this.mapping(node);
    if (isSeq(node)) return node.items.map((item, i) => this.within(i, item));
    // nothing is looked for that is not told
    if (isAlias(node) && !this.report.isFull) {
      const [start = 0, end = start] = node.range ?? [];
      const known = this.at.at(-1) === '<<' || this.source.text.includes(`&${node.source}`);
      const [message, hint] = known
        ? ['aliases are not accepted: what a route does must stand where the route stands', 'write the value out']
        : ['a text that starts with `*` needs quotes', 'such as "*.example.com"; without, it is a YAML alias'];
      this.report.at('yaml-alias', this.syntaxOnly.range(start, end), message, { path: this.path, hint });
    }
    return null;
  }

  private within(step: string | number, node: unknown): unknown {
    this.at.push(step);
    const value = this.plain(node);
    this.at.pop();
    return value;
  }

  private mapping(map: YAMLMap): Record<string, unknown> {
    const out = newMapping();
    let explained = false;
    for (const pair of map.items) {
      const key = this.key(pair);
      if (key === undefined) continue;
      if (key in out && !explained) explained = tellDuplicate({ key, map, pair, at: this.path }, this.syntaxOnly, this.report);
      out[key] = this.within(key, pair.value);
    }
    return out;
  }

  private key(pair: Pair): string | undefined {
    if (isScalar(pair.key)) {
      this.refuseTag(pair.key);
      return keyText(pair.key);
    }
    const [start = 0, end = start] = (isNode(pair.key) && pair.key.range) || [];
    this.report.at('yaml-key', this.syntaxOnly.range(start, end), 'a key must be a plain text', { path: this.path, hint: 'a `?`, `*`, `[` or `{` starts a key that is no text: put it in quotes' });
    return undefined;
  }

  private scalar(node: Scalar): unknown {
    if (typeof node.value !== 'string' || !hasPlaceholder(node.value)) return node.value;
    const { path } = this;
    const text = this.resolve(node.value, (tell) => tell(this.syntaxOnly.locate(path), path));
    return node.type === 'PLAIN' ? typed(text) : text;
  }

  private resolve(text: string, at: (tell: (range: Range, path?: Path) => void) => void): string {
    return resolvePlaceholders(text, this.env, (fault) => {
      const [code, message, hint] = placeholderWords(fault);
      at((range, path = []) => this.report.at(code, range, message, { path, hint }));
    });
  }
}

/** What YAML reads as something else than a text, in its core schema. */
const TYPED = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)?$/;

/** Types the text that a placeholder left in an unquoted scalar, as YAML types any unquoted scalar. */
function typed(text: string): unknown {
  return TYPED.test(text) ? parseYaml(text, { logLevel: 'silent' }) : text;
}

function refuseDepth(source: Source, offset: number): Outcome<Document> {
  const lineStart = source.text.lastIndexOf('\n', offset - 1) + 1;
  const line = source.text.slice(0, lineStart).split('\n').length;
  const start = { line, column: offset - lineStart + 1, offset };
  return {
    diagnostics: [{ code: 'yaml-too-deep', severity: 'error', path: [], range: { file: source.file, start, end: start }, message: 'the text nests deeper here than any configuration does', hint: 'look for unclosed brackets' }],
  };
}

function refuseEmpty(source: Source): Outcome<Document> {
  return {
    diagnostics: [{ code: 'file-empty', severity: 'error', path: [], message: `${source.file} says nothing`, hint: 'write at least `routes: []`, or `{}` to serve nothing on purpose' }],
  };
}
