import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { hidePlaceholders } from '../../src/config/placeholders.js';
import { Fault } from '../../src/config/plain-words.js';
import { readPlainYaml } from '../../src/config/plain-yaml.js';
import type { Span } from '../../src/config/secret-places.js';
import { Secrets } from '../../src/config/secrets.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';
import { Vocabulary } from '../../src/schema/vocabulary.js';
import { contentOf, names } from '../support/corpus.js';
import { PLACES } from '../support/planted.js';

const vocabulary = new Vocabulary(fileSchema(PLUGINS));
const LINES = 4;

test('of a few lines the same is secret as of the whole text', () => {
  const texts = [...Object.values(PLACES), ...(['ok', 'err'] as const).flatMap((folder) => names(folder).map((name) => contentOf(folder, name).toString()))];
  let compared = 0;
  for (const text of texts.filter(({ length }) => length < 20_000)) {
    const { contents, errors } = parseDocument(hidePlaceholders(text), { uniqueKeys: false, merge: false, logLevel: 'silent' });
    const plain = readPlainYaml(hidePlaceholders(text));
    for (const root of [contents, ...(plain && !(plain instanceof Fault) ? [plain] : [])]) {
      const secrets = new Secrets(text, root, errors.length > 0, vocabulary);
      const whole = secrets.spansIn({ start: 0, end: text.length });
      for (const lines of windows(text)) {
        assert.equal(masked(text, lines, secrets.spansIn(lines)), masked(text, lines, whole));
        compared++;
      }
    }
  }
  assert.ok(compared > 2000, String(compared));
});

function* windows(text: string): Generator<Span> {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  for (const [i, start] of starts.entries()) yield { start, end: (starts[i + LINES] ?? text.length + 1) - 1 };
}

/** A part of a text with what is secret in it crossed out. */
function masked(text: string, { start, end }: Span, spans: readonly Span[]): string {
  return text.slice(start, end).split('').map((character, i) => (spans.some((span) => span.start <= start + i && start + i < span.end) ? 'X' : character)).join('');
}
