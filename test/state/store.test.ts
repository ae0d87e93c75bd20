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

/** State that does something by itself. */
class Busy extends Counted {
  started = 0;
  start(): void {
    this.started++;
  }
}

describe('state that does something by itself', () => {
  it('starts when its table does, and at once when that has', () => {
    const scope = new Store().scope();
    const [leased, owned] = [scope.retain('a', () => new Busy()), scope.own(new Busy())];
    assert.deepEqual([leased.started, owned.started], [0, 0]);
    scope.start();
    assert.deepEqual([leased.started, owned.started, scope.retain('b', () => new Busy()).started], [1, 1, 1]);
  });

  it('never starts for a table that never serves', () => {
    const scope = new Store().scope();
    const state = scope.retain('a', () => new Busy());
    scope.release();
    assert.deepEqual([state.started, state.closed], [0, 1]);
  });

  it('is released with a part of the leases, or with all of them', () => {
    const scope = new Store().scope();
    const [first, second] = [scope.part(), scope.part()];
    const [a, b] = [first.retain('a', () => new Busy()), second.retain('b', () => new Busy())];
    second.retain('a', () => new Busy());
    first.release();
    assert.deepEqual([a.closed, b.closed], [0, 0]);
    second.release();
    assert.deepEqual([a.closed, b.closed], [1, 1]);
    const third = scope.part().retain('c', () => new Busy());
    scope.release();
    assert.equal(third.closed, 1);
  });
});
