import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress, parseAddress } from '../../src/upstream/address.js';

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
