import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress, parseAddress } from '../../src/upstream/address.js';
import { roundRobin } from '../../src/upstream/balancer.js';
import type { Node } from '../../src/upstream/upstream.js';

const turns = (weights: Readonly<Record<string, number>>, picks: number): string => {
  const nodes = Object.entries(weights).map(([host, weight]) => ({ host, weight }) as Partial<Node> as Node);
  const balancer = roundRobin(nodes);
  return Array.from({ length: picks }, () => balancer.pick()?.host ?? '-').join('');
};

describe('round robin', () => {
  it('takes nodes in turn', () => assert.equal(turns({ a: 1, b: 1, c: 1 }, 6), 'abcabc'));
  it('takes each as often as its weight says, spread evenly', () => {
    assert.equal(turns({ a: 5, b: 1, c: 1 }, 7), 'aabacaa');
    assert.equal([...turns({ a: 3, b: 7 }, 1000)].filter((h) => h === 'a').length, 300);
  });
  it('never takes weight 0 among several', () => assert.equal(turns({ a: 0, b: 1 }, 3), 'bbb'));
  it('takes a single node whatever its weight', () => assert.equal(turns({ a: 0 }, 2), 'aa'));
  it('shares the turns of a node that failed by weight', () => {
    const nodes = Object.entries({ gone: 2, a: 1, b: 3 }).map(([host, weight]) => ({ host, weight }) as Partial<Node> as Node);
    const balancer = roundRobin(nodes);
    const served = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const first = balancer.pick();
      const node = first?.host === 'gone' ? balancer.pick(new Set([first])) : first;
      served.set(node?.host ?? '-', (served.get(node?.host ?? '-') ?? 0) + 1);
    }
    assert.deepEqual([...served.keys()].sort(), ['a', 'b']);
    assert.ok(Math.abs((served.get('a') ?? 0) - 2500) <= 2, `${served.get('a')}`);
  });
  it('takes none of none, and none of several zeros', () => assert.equal(turns({}, 1) + turns({ a: 0, b: 0 }, 1), '--'));
});

describe('an address', () => {
  for (const [text, host, port] of [
    ['a', 'a', undefined], ['a:1', 'a', 1], ['127.0.0.1:65535', '127.0.0.1', 65535], ['[::1]:80', '::1', 80], ['[::1]', '::1', undefined], ['::1', '::1', undefined], ['a_b.c-d:9', 'a_b.c-d', 9],
  ] as const) {
    it(`${text} is ${host} and ${port}`, () => assert.deepEqual(parseAddress(text), { host, port }));
  }
  for (const text of ['', ':80', 'a:', 'a:0', 'a:65536', 'a:b', 'http://a', 'a/b', '[::1', 'a b', '[a]:1', 'a:1:2']) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseAddress(text), undefined));
  }
  it('is written with brackets where it needs them', () => assert.deepEqual([formatAddress('::1', 1), formatAddress('a'), formatAddress('a', 2)], ['[::1]:1', 'a', 'a:2']));
});
