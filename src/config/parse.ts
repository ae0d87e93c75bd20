import { isAlias, isMap, isScalar, isSeq, LineCounter, parse as parseYaml, parseAllDocuments, type Document as YamlDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Path } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { tooDeepAt } from './depth.js';
import { Document } from './document.js';
import { hasPlaceholder, hidePlaceholders, resolvePlaceholders, type Environment } from './placeholders.js';
import { Report } from './report.js';
import type { Outcome, Source } from './source.js';
import { yamlWords } from './yaml-words.js';

/** Parses YAML (or JSON, which is YAML) into plain data with positions; environment placeholders are resolved. */
export function parse(source: Source, env: Environment): Outcome<Document> {
  const lines = new LineCounter();
  const deep = tooDeepAt(source.text);
  if (deep !== undefined) return refuseDepth(source, deep);

  const documents = parseAllDocuments(hidePlaceholders(source.text), {
    lineCounter: lines, prettyErrors: false, strict: true, version: '1.2', merge: false,
    uniqueKeys: false, // theirs is quadratic; the reader below tells duplicates in one pass
    logLevel: 'silent',
  });
  const [yaml, second] = 'empty' in documents ? [] : documents;
  if (!yaml || (yaml.contents === null && yaml.errors.length === 0 && !second)) return refuseEmpty(source);

  const reader = new Reader(source, yaml, lines, env);
  if (second) reader.refuseSecond(second);
  return reader.read();
}

/** Walks one parsed document: tells its syntax errors, and turns its nodes into plain data. */
class Reader {
  private readonly report: Report;
  private readonly syntaxOnly: Document;

  constructor(private readonly source: Source, private readonly yaml: YamlDocument, private readonly lines: LineCounter, private readonly env: Environment) {
    this.syntaxOnly = new Document(source, undefined, yaml, lines, yaml.errors.length > 0);
    this.report = new Report(this.syntaxOnly);
  }

  read(): Outcome<Document> {
    for (const error of this.yaml.errors) {
      const words = yamlWords(error.code);
      this.report.at(words.code, this.syntaxOnly.range(error.pos[0], error.pos[1]), words.message, { hint: words.hint });
    }
    if (this.yaml.errors.length > 0) return { diagnostics: this.report.diagnostics };
    const value = this.plain(this.yaml.contents, []);
    const diagnostics = this.report.diagnostics;
    if (hasErrors(diagnostics)) return { diagnostics };
    return { value: new Document(this.source, value, this.yaml, this.lines, false), diagnostics };
  }

  refuseSecond(second: YamlDocument): void {
    const start = second.range?.[0] ?? 0;
    this.report.at('yaml-several-documents', this.syntaxOnly.range(start, start + 1), 'a second YAML document starts here; a configuration is one document', { hint: 'remove the `---` line' });
  }

  private plain(node: unknown, path: Path): unknown {
    if (isMap(node)) return this.mapping(node, path);
    if (isSeq(node)) return node.items.map((item, i) => this.plain(item, [...path, i]));
    if (isScalar(node)) return this.scalar(node, path);
    if (isAlias(node)) {
      const [start = 0, end = start] = node.range ?? [];
      this.report.at('yaml-alias', this.syntaxOnly.range(start, end), 'aliases are not accepted: what a route does must stand where the route stands', { hint: 'write the value out' });
    }
    return null;
  }

  private mapping(map: YAMLMap, path: Path): Record<string, unknown> {
    // no prototype: a key such as `constructor` or `__proto__` is a key like any other
    const out: Record<string, unknown> = Object.create(null);
    const seen = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = this.key(pair, path);
      if (key === undefined) continue;
      const first = seen.get(key);
      if (first) this.duplicate(key, first, pair, path);
      seen.set(key, pair);
      out[key] = this.plain(pair.value, [...path, key]);
    }
    return out;
  }

  private key(pair: Pair, path: Path): string | undefined {
    if (isScalar(pair.key)) {
      const text = pair.key.type === 'PLAIN' ? (pair.key.source ?? String(pair.key.value)) : String(pair.key.value);
      return hasPlaceholder(text) ? this.resolve(text, path) : text;
    }
    this.report.error('yaml-key', path, 'a key must be a plain text', { hint: 'a `?`, `[` or `{` starts a key that is a list or a mapping' });
    return undefined;
  }

  private scalar(node: Scalar, path: Path): unknown {
    const tag = node.tag;
    if (tag && !tag.startsWith('tag:yaml.org,2002:')) this.report.error('yaml-tag', path, 'tags are not accepted', { hint: 'remove the word that starts with `!`' });
    if (typeof node.value !== 'string' || !hasPlaceholder(node.value)) return node.value;
    const text = this.resolve(node.value, path);
    return node.type === 'PLAIN' ? typed(text) : text;
  }

  private resolve(text: string, path: Path): string {
    return resolvePlaceholders(text, this.env, (fault) => {
      if (fault.kind === 'not-set') {
        this.report.error('env-not-set', path, `the environment variable ${fault.name} is not set`, { hint: `set it, or give a default: \${{${fault.name}:=value}}` });
      } else this.report.error('env-malformed', path, 'this is not a placeholder', { hint: 'write ${{NAME}} or ${{NAME:=default}}' });
    });
  }

  private duplicate(key: string, first: Pair, second: Pair, path: Path): void {
    const place = (pair: Pair) => {
      const [start = 0, end = start] = (isScalar(pair.key) && pair.key.range) || [];
      return this.syntaxOnly.range(start, end);
    };
    const range = place(second);
    this.report.at('yaml-duplicate-key', range, `\`${key}\` stands twice in one mapping`, {
      path: [...path, key], hint: 'keep one of them', related: [{ message: 'first here', range: place(first) }],
    });
  }
}

/** Types the text that a placeholder left in an unquoted scalar, as YAML types any unquoted scalar. */
function typed(text: string): unknown {
  return /^[\w.+~-]*$/.test(text) ? parseYaml(text, { logLevel: 'silent' }) : text;
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
  const start = { line: 1, column: 1, offset: 0 };
  return {
    diagnostics: [{ code: 'file-empty', severity: 'error', path: [], range: { file: source.file, start, end: start }, message: `${source.file} says nothing`, hint: 'write at least `routes: []`, or `{}` to serve nothing on purpose' }],
  };
}
