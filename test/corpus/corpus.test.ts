import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CODES } from '../../src/diagnostics/codes.js';
import { draw } from '../../src/diagnostics/draw.js';
import { CORPUS, diagnosticsOf, names } from '../support/corpus.js';

/** These need a file system, and are provoked where files are read. */
const OF_FILES = ['file-missing', 'file-unreadable', 'file-too-large', 'file-too-costly'];
/** Told by cases, which a configuration alone does not have. */
const OF_CASES = ['case-failed'];

describe('corpus', () => {
  for (const name of names('err')) {
    it(`tells what is wrong with ${name} in the expected words`, () => {
      const expected = new URL(`err/${name.replace(/\w+$/, 'txt')}`, CORPUS);
      const drawn = `${draw(diagnosticsOf('err', name))}\n`;
      if (process.env['UPDATE'] === '1') writeFileSync(expected, drawn);
      assert.equal(drawn, existsSync(expected) ? readFileSync(expected, 'utf8') : '');
      assert.notEqual(drawn, '\n');
    });
  }

  for (const name of names('ok')) {
    it(`has nothing to say about ${name}`, () => assert.equal(draw(diagnosticsOf('ok', name)), ''));
  }

  it('has 150 broken files and more', () => assert.ok(names('err').length >= 150));

  it('provokes every code', () => {
    const provoked = new Set<string>(names('err').flatMap((name) => diagnosticsOf('err', name).map((d) => d.code)));
    assert.deepEqual(Object.keys(CODES).filter((code) => !provoked.has(code) && ![...OF_FILES, ...OF_CASES].includes(code)), []);
  });
});
