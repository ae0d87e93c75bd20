import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { coalesce } from '../../src/cli/coalesce.js';

/** A task that ends when it is told to. */
function held(): { task(): Promise<void>; readonly ends: (() => void)[]; readonly fails: ((error: Error) => void)[] } {
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const task = (): Promise<void> => new Promise((resolve, reject) => {
    ends.push(resolve);
    fails.push(reject);
  });
  return { task, ends, fails };
}

describe('a coalesced task', () => {
  it('runs once more, however often it is asked for while it runs', async () => {
    const { task, ends } = held();
    const ask = coalesce(task);
    const first = ask();
    const others = [ask(), ask(), ask()];
    assert.equal(ends.length, 1);
    ends[0]?.();
    await first;
    await new Promise(setImmediate);
    assert.equal(ends.length, 2);
    ends[1]?.();
    await Promise.all(others);
    void ask();
    assert.equal(ends.length, 3);
    ends[2]?.();
  });

  it('runs again after it failed, and tells whoever asked', async () => {
    const { task, ends, fails } = held();
    const ask = coalesce(task);
    const first = ask();
    const second = ask();
    fails[0]?.(new Error('no'));
    await assert.rejects(first, /no/);
    await new Promise(setImmediate);
    assert.equal(ends.length, 2);
    ends[1]?.();
    await second;
  });
});
