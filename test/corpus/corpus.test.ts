import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CODES } from '../../src/diagnostics/codes.js';
import { draw } from '../../src/diagnostics/draw.js';
import { check } from '../config/check.js';

/** The sources, from the folder of the compiled tests. */
const CORPUS = new URL('../../../test/corpus/', import.meta.url);
const ENV = { TEXT: 'text', NUMBER: '5', TRUE: 'true', EMPTY: '', ANN_KEY: 'from-env', JSON_KEYS: '{"tom":"key-of-tom"}' };
/** These need a file system, and are provoked where files are read. */
const OF_FILES = ['file-missing', 'file-unreadable', 'file-too-large', 'file-too-costly', 'file-not-text'];
/** Told by cases, which a configuration alone does not have. */
const OF_CASES = ['case-failed'];
/** No plugin that ships has a reason to; a test of the binding has one. */
const OF_OTHER_PLUGINS = ['plugin-rejected'];

const names = (folder: string): string[] => readdirSync(new URL(folder, CORPUS)).filter((name) => name.endsWith('.yaml')).sort();
const diagnosticsOf = (folder: string, name: string) => check(readFileSync(new URL(`${folder}/${name}`, CORPUS)), ENV, name);

describe('corpus', () => {
  for (const name of names('err')) {
    it(`tells what is wrong with ${name} in the expected words`, () => {
      const expected = new URL(`err/${name.replace(/yaml$/, 'txt')}`, CORPUS);
      const drawn = `${draw(diagnosticsOf('err', name))}\n`;
      if (process.env['UPDATE'] === '1') writeFileSync(expected, drawn);
      assert.equal(drawn, existsSync(expected) ? readFileSync(expected, 'utf8') : '');
      assert.notEqual(drawn, '\n');
    });
  }

  for (const name of names('ok')) {
    it(`has nothing to say about ${name}`, () => assert.equal(draw(diagnosticsOf('ok', name)), ''));
  }

  it('provokes every code', () => {
    const provoked = new Set<string>(names('err').flatMap((name) => diagnosticsOf('err', name).map((d) => d.code)));
    assert.deepEqual(Object.keys(CODES).filter((code) => !provoked.has(code) && ![...OF_FILES, ...OF_CASES, ...OF_OTHER_PLUGINS].includes(code)), []);
  });
});
