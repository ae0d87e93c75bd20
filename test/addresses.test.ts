import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { addressList } from '../src/addresses.js';

const listOf = (...entries: string[]) => addressList(entries, (i) => assert.fail(entries[i]));

describe('a list of addresses', () => {
  for (const [entries, address, inside] of [
    [['10.0.0.0/8'], '10.255.0.1', true], [['10.0.0.0/8'], '11.0.0.1', false], [['127.0.0.1'], '127.0.0.1', true], [['127.0.0.1'], '127.0.0.2', false], [['0.0.0.0/0'], '1.2.3.4', true], [['0.0.0.0/0'], '::1', false],
    [['::/0'], '::1', true], [['::/0'], '1.2.3.4', false], [['fd00::/8'], 'fd12::1', true], [['fd00::/8'], 'fe00::1', false], [['::1'], '0:0:0:0:0:0:0:1', true], [['2001:db8::/33'], '2001:db8:7fff::1', true], [['2001:db8::/33'], '2001:db8:8000::1', false],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true], [['::ffff:10.0.0.0/104'], '10.1.2.3', true], [['::ffff:10.0.0.0/104'], '11.1.2.3', false], [['10.1.2.3/31'], '10.1.2.2', true],
    [[], '10.0.0.1', false], [['10.0.0.0/8'], '', false], [['10.0.0.0/8'], 'x', false], [['10.0.0.0/8'], '10.0.0.1 ', false], [['fe80::/10'], 'fe80::1%eth0', false],
  ] as const) {
    it(`[${entries.join(', ')}] ${inside ? 'has' : 'has not'} ${JSON.stringify(address)}`, () => assert.equal(listOf(...entries).has(address), inside));
  }

  it('tells which entries are none', () => {
    const wrong: number[] = [];
    addressList(['1.2.3.4', '1.2.3', '1.2.3.4/33', '1.2.3.4/', '::1/129', '1.2.3.4/8/8', 'host', '', '::1/-1'], (i) => wrong.push(i));
    assert.deepEqual(wrong, [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('agrees with Node about any network and address', () => {
    const near = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.1', '10.0.0.2', '10.128.0.1', 'fd00::1', 'fd00::2', 'fd00:1::1'));
    fc.assert(fc.property(near, fc.nat(128), near, (network, length, address) => {
      const [version, other] = [isIP(network), isIP(address)];
      const bits = Math.min(length, version === 6 ? 128 : 32);
      // mapped addresses are told apart above
      fc.pre(!/^(::ffff:|0*:0*:0*:0*:0*:f{4}:)/i.test(network + address) && !/\..*:|:.*\./.test(`${network} ${address}`.replace(/^[\d.]+ |[\d.]+$/g, '')));
      const list = new BlockList();
      list.addSubnet(network, bits, version === 6 ? 'ipv6' : 'ipv4');
      const expected = version === other && list.check(address, other === 6 ? 'ipv6' : 'ipv4');
      assert.equal(listOf(`${network}/${bits}`).has(address), expected);
    }));
  });
});
