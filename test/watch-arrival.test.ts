import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { arrivalOf, follow } from '../src/watch/arrival.js';
import type { Found } from '../src/watch/sighting.js';

const found: Found = { real: '/etc/g.yaml', inode: '1:1', mtime: 10n, ctime: 10n, size: 5n, linked: 0n, renamed: false };
const base = follow(undefined, undefined, found);
const arrival = (changes: Partial<Found>, trace: Parameters<typeof arrivalOf>[1] = 'none'): string =>
  arrivalOf(follow(undefined, base, { ...found, ...changes }), trace);

describe('a content came in one step', () => {
  test('when the events say that it was moved', () => assert.equal(arrival({ inode: '1:2' }, 'moved'), 'replaced'));
  test('when its times say that it was renamed', () => assert.equal(arrival({ inode: '1:2', renamed: true }), 'replaced'));
  test('when a link was repointed after its last change', () => {
    assert.equal(arrival({ inode: '1:2', real: '/v2/g.yaml', linked: 11n }), 'replaced');
  });
});

describe('a content was written in place for all we know', () => {
  test('when nothing was known before', () => {
    assert.equal(arrivalOf(follow(undefined, undefined, { ...found, renamed: true }), 'none'), 'written');
  });
  test('when the inode is the same', () => assert.equal(arrival({ ctime: 20n, renamed: true }), 'written'));
  test('when the inode is new and nothing else is known', () => assert.equal(arrival({ inode: '1:2' }), 'written'));
  test('when the events say that it was written, whatever its times say', () => {
    assert.equal(arrival({ inode: '1:2', renamed: true }, 'written'), 'written');
  });
  test('when it changed after the link was repointed', () => {
    assert.equal(arrival({ inode: '1:2', real: '/v2/g.yaml', linked: 11n, ctime: 12n, mtime: 12n }), 'written');
  });
  test('when it was seen to grow', () => {
    const renamed = { ...found, inode: '1:2', renamed: true };
    const track = follow(follow(undefined, base, renamed), base, { ...renamed, size: 9n });
    assert.equal(arrivalOf(track, 'none'), 'written');
  });
});

test('a link repointed within the clock tick of the last change is nearly sure', () => {
  assert.equal(arrival({ inode: '1:2', real: '/v2/g.yaml', linked: 10n }), 'repointed');
});
