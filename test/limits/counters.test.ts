import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Counters } from '../../src/limits/counters.js';

interface Counter {
  used: number;
}

const counters = (most?: number): Counters<Counter> => new Counters(() => ({ used: 0 }), most);

suite('counters', () => {
  test('hold what is used within its lifetime, and nothing for long after', () => {
    const held = counters();
    held.get('a', 0, 100).used = 1;
    assert.equal(held.get('a', 99, 100).used, 1);
    assert.equal(held.get('a', 198, 100).used, 1);
    held.get('b', 250, 100);
    held.get('b', 500, 100);
    assert.equal(held.size, 1, 'a is gone, without a timer');
    assert.equal(held.get('a', 500, 100).used, 0);
  });

  test('never hold more keys than twice their bound', () => {
    const held = counters(100);
    for (let i = 0; i < 10_000; i++) held.get(`key ${i}`, 0, 1e9);
    assert.ok(held.size <= 200);
    assert.ok(held.size >= 100);
  });

  test('keep what is used while others come and go', () => {
    const held = counters(100);
    for (let i = 0; i < 10_000; i++) {
      held.get('steady', 0, 1e9).used++;
      held.get(`key ${i}`, 0, 1e9);
    }
    assert.equal(held.get('steady', 0, 1e9).used, 10_000);
  });

  test('tell keys apart that differ in one character, be they long, broken or odd', () => {
    const held = counters();
    const keys = ['', 'a', 'x'.repeat(300), `${'x'.repeat(299)}y`, 'broken surrogate \ud800', 'broken surrogate \ud801', '\u0000 127.0.0.1 ....'];
    for (const key of keys) held.get(key, 0, 1e9).used++;
    for (const key of keys) assert.equal(held.get(key, 0, 1e9).used, 1);
    assert.equal(held.size, keys.length);
  });
});
