import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Store } from '../../src/state/store.js';

/** State that counts how often it was closed. */
class Counted {
  closed = 0;
  close(): void {
    this.closed++;
  }
}

describe('state that outlives a reload', () => {
  it('is shared by all that lease it, and closed once the last gives it back', () => {
    const store = new Store();
    const [old, next] = [store.scope(), store.scope()];
    const state = old.retain('pool a', () => new Counted());
    assert.equal(next.retain('pool a', () => new Counted()), state);
    assert.equal(next.retain('pool a', () => new Counted()), state);
    old.release();
    assert.equal(state.closed, 0);
    next.release();
    assert.equal(state.closed, 1);
  });

  it('is made anew after it was closed', () => {
    const store = new Store();
    const first = store.scope();
    const state = first.retain('pool a', () => new Counted());
    first.release();
    const second = store.scope();
    assert.notEqual(second.retain('pool a', () => new Counted()), state);
    second.release();
    assert.equal(state.closed, 1);
  });

  it('is given back once, however often a scope is released', () => {
    const store = new Store();
    const [old, next] = [store.scope(), store.scope()];
    const state = old.retain('pool a', () => new Counted());
    next.retain('pool a', () => new Counted());
    old.release();
    old.release();
    assert.equal(state.closed, 0);
  });

  it('needs no way to be closed', () => {
    const scope = new Store().scope();
    assert.deepEqual(scope.retain('counter', () => ({ count: 3 })), { count: 3 });
    assert.doesNotThrow(() => scope.release());
  });
});
