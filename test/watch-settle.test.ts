import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endingOf, identityOf, judge } from '../src/watch/settle.js';
import type { Ending } from '../src/watch/settle.js';

describe('the ending of a content', () => {
  const endings: readonly (readonly [string, Ending])[] = [
    ['', 'empty'],
    ['#END\n', 'marked'],
    ['a: 1\n#END\n', 'marked'],
    ['a: 1\r\n#END\r\n', 'marked'],
    ['a: 1\n#END \n\n', 'marked'],
    ['a: 1\n#END', 'marked-open'],
    ['a: 1\n#END ', 'marked-open'],
    ['a: 1 #END\n', 'line'],
    ['  #END\n', 'line'],
    ['x#END     \n', 'line'],
    ['#ENDPOINTS\n', 'line'],
    ['#END\na: 1\n', 'line'],
    ['#END\na: 1', 'open'],
    ['a: 1\n#EN', 'open'],
  ];
  for (const [text, ending] of endings) {
    test(`${JSON.stringify(text)} is ${ending}`, () => assert.equal(endingOf(Buffer.from(text)), ending));
  }

  test('space after the marker makes no other content, any other byte does', () => {
    const identity = (text: string): string => identityOf(Buffer.from(text));
    assert.equal(identity('a\n#END'), identity('a\n#END\n'));
    assert.notEqual(identity('a\n'), identity('a'));
    assert.notEqual(identity('a\n#END\n'), identity('b\n#END\n'));
  });
});

describe('a content that is still', () => {
  test('is whole with its end marker, however it came', () => {
    for (const arrival of ['written', 'replaced', 'repointed'] as const) {
      assert.equal(judge('marked', arrival, true), 'deliver');
      assert.equal(judge('marked', arrival, false), 'deliver');
    }
  });

  test('waits for its end marker once there was one, however it came', () => {
    for (const ending of ['line', 'open', 'empty'] as const) assert.equal(judge(ending, 'replaced', true), 'end-marker');
  });

  test('is held while the marker may be the beginning of a longer word', () => {
    assert.equal(judge('marked-open', 'written', true), 'hold');
    assert.equal(judge('marked-open', 'replaced', true), 'deliver');
  });

  test('is whole when it came in one step', () => {
    assert.equal(judge('line', 'replaced', false), 'deliver');
    assert.equal(judge('open', 'replaced', false), 'deliver');
    assert.equal(judge('open', 'repointed', false), 'hold');
  });

  test('is held when written in place, and waits for the newline of its last line', () => {
    assert.equal(judge('line', 'written', false), 'hold');
    assert.equal(judge('open', 'written', false), 'newline');
  });

  test('is held when empty, since a file is empty before its first write', () => {
    for (const arrival of ['written', 'replaced', 'repointed'] as const) assert.equal(judge('empty', arrival, false), 'hold');
  });
});
