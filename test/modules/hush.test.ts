import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hush } from '../../src/modules/hush.js';

const SCHEMA = { type: 'object', properties: { pin: { type: 'string', 'x-secret': true }, pins: { type: 'array', items: { type: 'string', 'x-secret': true } }, api_key: { type: 'string' }, word: { type: 'string' } } };

describe('what a plugin of a module says', () => {
  it('is told without the secrets of its options: marked ones, and those whose names say so', () => {
    const quiet = hush({ pin: 'Zq9-hush', pins: ['XyW7-one', 'XyW7-one-more'], api_key: 'Zq9-key', word: 'hello' }, SCHEMA);
    assert.equal(quiet('Zq9-hush is no number, XyW7-one-more is none, nor is Zq9-key; hello'), '******** is no number, ******** is none, nor is ********; hello');
  });

  it('stays as it is where there are none', () => assert.equal(hush({ word: 'hello', pin: 'a' }, SCHEMA)('hello, a word'), 'hello, a word'));
});
