import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readSource } from '../../src/config/source.js';
import { check, load, places } from './check.js';

const FAULT = 'routes:\n  - uri: /ip\n    plugins: {}\n    methdos: [GET]\n';

describe('places', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'LF': [FAULT, '4:5'],
    'CRLF': [FAULT.replaceAll('\n', '\r\n'), '4:5'],
    'a byte order mark': [`\ufeff${FAULT}`, '4:5'],
    'a byte order mark on the line': ['\ufeffrouts: []\n', '1:1'],
    'multi-byte text above': [FAULT.replace('/ip', '"/日本語/é😀"'), '4:5'],
    'multi-byte text on the line': ['routes: [{desc: "é日", uri: /, plugins: {}, foo: 1}]\n', '1:44'],
    'flow style': ['routes: [{uri: /, plugins: {}, methdos: [GET]}]\n', '1:32'],
    'tabs between tokens': ['routes: [{uri: /,\tplugins: {},\tmethdos:\t[GET]}]\n', '1:32'],
    'JSON': ['{\n\t"routes": [{"uri": "/", "plugins": {}, "methdos": 1}]\n}', '2:41'],
    'a document mark': [`---\n${FAULT}`, '5:5'],
  };
  for (const [how, [text, place]] of Object.entries(cases)) {
    it(`are exact with ${how}`, () => assert.deepEqual(places(check(text)), [`${place} unknown-field`]));
  }
});

describe('placeholders', () => {
  const priority = (value: string, env = {}): unknown => load(`routes:\n  - uri: /\n    plugins: {}\n    desc: ${value}\n`, env).loaded?.config.routes[0]?.desc;
  it('take the type of the text when they are not quoted', () => {
    assert.deepEqual(places(check('routes:\n  - {uri: /, plugins: {}, desc: "${{N}}", priority: "${{N}}"}\n', { N: '5' })), ['2:53 wrong-type']);
    for (const value of ['-', '---', '...', '- a', 'a: b', '[1]', '# x', '&a', '*a', '!x', '"']) assert.equal(priority('${{V}}', { V: value }), value);
  });
  it('resolve in quotes, flow style and blocks', () => {
    assert.equal(priority('"${{V}}!"', { V: 'a"b' }), 'a"b!');
    assert.equal(priority("'${{ V }}'", { V: "a'b" }), "a'b");
    assert.equal(priority('|\n      ${{V}}\n      ${{W:=w}}', { V: 'v' }), 'v\nw\n');
    assert.equal(priority('"${{V:=}}"'), '');
  });
  it('are told where they stand, in keys too', () => {
    assert.deepEqual(places(check('upstreams:\n  - id: a\n    nodes:\n      "${{H}}:80": 1\n      b:80: ${{W}}\n')), ['4:7 env-not-set', '5:13 env-not-set']);
  });
  it('give keys their place once they are resolved', () => {
    assert.deepEqual(places(check('routes:\n  - uri: /\n    upstream:\n      nodes:\n        ${{H}}:80: x\n', { H: 'h' })), ['5:20 wrong-type']);
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const codes = async (file: string): Promise<string[]> => (await readSource(file)).diagnostics.map((d) => d.code);
  it('that cannot be read are told by name', async () => {
    assert.deepEqual(await codes(join(folder, 'none.yaml')), ['file-missing']);
    assert.deepEqual(await codes(folder), ['file-unreadable']);
    writeFileSync(join(folder, 'latin1'), Buffer.from('a: \xe9', 'latin1'));
    assert.deepEqual(await codes(join(folder, 'latin1')), ['file-not-text']);
    writeFileSync(join(folder, 'large'), Buffer.alloc(65 * 1024 * 1024, 0x23));
    assert.deepEqual(await codes(join(folder, 'large')), ['file-too-large']);
  });
});
