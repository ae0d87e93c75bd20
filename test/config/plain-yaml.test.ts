import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isMap, isScalar, isSeq, parseAllDocuments, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { tooDeepAt } from '../../src/config/depth.js';
import { Fault } from '../../src/config/plain-words.js';
import { keyText } from '../../src/config/document.js';
import { readPlainTop, readPlainValue, readPlainYaml } from '../../src/config/plain-yaml.js';
import { hidePlaceholders } from '../../src/config/placeholders.js';

test('of the texts that configurations are written in, few are left to the parser', () => {
  const texts = [...corpus('test/corpus/ok'), ...corpus('examples')];
  const left = texts.filter(([, text]) => !agrees(text)).map(([name]) => name);
  assert.ok(left.length <= 4, left.join(', '));
});

test('what is read agrees with the parser: faulty files', () => {
  for (const [, text] of corpus('test/corpus/err')) agrees(text);
});

test('what is read agrees with the parser: files with a few characters changed', () => {
  const texts = [...corpus('test/corpus/ok'), ...corpus('test/corpus/err')].map(([, text]) => text).filter((text) => text.length < 1500);
  const change = fc.record({ at: fc.nat(1500), remove: fc.nat(3), add: fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 3 }) });
  fc.assert(fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
    agrees(changes.reduce((now, { at, remove, add }) => now.slice(0, at % now.length) + add + now.slice((at % now.length) + remove), text));
  }), { numRuns: RUNS });
});

test('what is read agrees with the parser: words and marks in any order', () => {
  const word = fc.constantFrom(...['a', 'b: ', 'c:', '- ', '-', '\n', '\n  ', '\n    ', '\n', ': ', '"', "'", '[', ']', '{', '}', ', ', ',', ' ', '#', ' # x', '1', '1.5', 'true', '~', '|\n', '|-\n', '? ', '&a ', '*a', '!t ', '---', '...', '%', '@', '\\n', '\\', '<<: ', '>', '\n\n', '0x1F', '.5', '-.inf', 'é', '\u2028', '/*', 'k: v\n', '- k: v\n']);
  fc.assert(fc.property(fc.array(word, { maxLength: 14 }), (words) => void agrees(words.join(''))), { numRuns: RUNS });
});

test('what is read agrees with the parser: lines of any indentation', () => {
  const value = fc.constantFrom('', ' ', 'v', '"q r"', "'it''s'", '[1, two]', '{a: 1, "b":2}', '# c', 'v # c', '|', '|-', '12', '-1', '1e3', 'null', '"\\u0041\\n"', '[', ']', 'a b', 'http://x:1/y', '[{a: b}, c, ]', '{}', '[]');
  const line = fc.tuple(fc.nat(5), fc.constantFrom('', '- ', '- - ', '-  '), fc.constantFrom('', 'a: ', 'b: ', '"c": ', 'a:', 'd e: ', '1: '), value).map(([indent, dash, key, v]) => ' '.repeat(indent) + dash + key + v);
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => void agrees(`${lines.join('\n')}\n`)), { numRuns: RUNS });
});

const RUNS = 3000;
const CHARACTERS = [...' \n:-#[]{},"\'|>&*!%@`?~.0aé\\'];

function* corpus(folder: string): Generator<[string, string]> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))) {
    yield [name, readFileSync(join(folder, name), 'utf8')];
  }
}

/** False when the text was left to the parser; throws when it was read differently. */
function agrees(written: string): boolean {
  const text = hidePlaceholders(written);
  if (tooDeepAt(text) !== undefined) return false;
  const read = readPlainYaml(text);
  if (!read) return false;
  if (read instanceof Fault) {
    // of two commas the parser may blame the second
    const [document] = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false });
    assert.ok(document && 'errors' in document && document.errors.length > 0, JSON.stringify(written));
    return false;
  }
  const documents = parseAllDocuments(text, { uniqueKeys: false, merge: false, version: '1.2', logLevel: 'silent', prettyErrors: false });
  assert.ok(!('empty' in documents) && documents.length === 1, JSON.stringify(written));
  const [document] = documents;
  assert.deepEqual(document?.errors.map(({ message }) => message), [], JSON.stringify(written));
  assert.deepEqual(document?.warnings, []);
  assert.deepEqual(shape(read), shape(document?.contents), JSON.stringify(written));
  agreesAlone(text, document?.contents);
  return true;
}

/** The values alone are read where, and as, the nodes are; but for keys that stand twice, whose places are told. */
function agreesAlone(text: string, contents: unknown): void {
  const alone = readPlainValue(text);
  const twice = new Set<unknown>();
  const value = valueOf(contents, twice);
  assert.deepEqual(alone, twice.size > 0 ? undefined : { value }, JSON.stringify(text));
  if (alone) assert.deepEqual(shape(readPlainTop(text)), shape(contents), JSON.stringify(text));
}

function valueOf(node: unknown, twice: Set<unknown>): unknown {
  if (isSeq(node)) return node.items.map((item) => valueOf(item, twice));
  if (!isMap(node)) return isScalar(node) ? node.value : undefined;
  const mapping: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of node.items as Pair[]) {
    const name = isScalar(key) ? keyText(key) : '';
    if (name in mapping) twice.add(name);
    mapping[name] = valueOf(value, twice);
  }
  return mapping;
}

/** All of a node that the project looks at. */
function shape(node: unknown): unknown {
  if (isScalar(node)) return { value: Object.is(node.value, -0) ? 0 : node.value, type: node.type, source: node.source, range: node.range?.slice(0, 2), tag: node.tag };
  if (isSeq(node)) return { range: placeOf(node), flow: node.flow === true, tag: node.tag, items: node.items.map(shape) };
  if (isMap(node)) return { range: placeOf(node), flow: node.flow === true, tag: node.tag, items: (node.items as Pair[]).map(({ key, value }) => [shape(key), shape(value)]) };
  return { other: typeof node };
}

/** A block ends with its last text: what the parser counts as its end depends on comments below. */
const placeOf = ({ range, flow }: YAMLSeq | YAMLMap): unknown => (flow === true ? range?.slice(0, 2) : range?.[0]);
