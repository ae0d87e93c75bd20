import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { balance } from '../../src/upstream/balancers/priorities.js';
import { balancingOf } from '../../src/upstream/balancers/index.js';
import type { Balancer } from '../../src/upstream/balancers/balancer.js';
import { NodeLoad } from '../../src/upstream/load.js';
import type { Node } from '../../src/upstream/upstream.js';
import type { Exchange } from '../../src/plugins/plugin.js';
import { startGateway } from '../support/gateway.js';
import { ask, get } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

const TYPES = ['roundrobin', 'chash', 'least_conn', 'ewma'] as const;
type Type = typeof TYPES[number];

/** A request whose only trait is its client's address. */
const from = (address: string): Exchange => ({ address }) as Partial<Exchange> as Exchange;

function nodesOf(weights: Readonly<Record<string, number>>, priorities: Readonly<Record<string, number>> = {}): Node[] {
  return Object.entries(weights).map(([host, weight]) => {
    const node: Partial<Node> = { host, address: host, port: 80, weight, priority: priorities[host] ?? 0, load: new NodeLoad() };
    return node as Node;
  });
}

const balancer = (type: Type, nodes: readonly Node[]): Balancer => balance(nodes, balancingOf(type, (x) => x.address).make, (_, create) => create());

/** How often each node is picked, when requests of so many clients all stay in flight. */
function counts(pick: Balancer, picks: number, tried?: ReadonlySet<Node>): Map<string, number> {
  const counted = new Map<string, number>();
  for (let i = 0; i < picks; i++) {
    const node = pick.pick(from(`10.0.${i >> 8}.${i & 255}`), tried);
    if (node) node.load.inFlight++;
    counted.set(node?.host ?? '-', (counted.get(node?.host ?? '-') ?? 0) + 1);
  }
  return counted;
}

for (const type of TYPES) {
  describe(`the balancer ${type}`, () => {
    it('picks none of none', () => assert.equal(balancer(type, []).pick(from('a')), undefined));

    it('picks a single node whatever its weight, until it was tried', () => {
      const nodes = nodesOf({ a: 0 });
      const pick = balancer(type, nodes);
      assert.equal(pick.pick(from('x'))?.host, 'a');
      assert.equal(pick.pick(from('x'), new Set(nodes)), undefined);
    });

    it('never picks weight 0 among several', () => {
      assert.deepEqual([...counts(balancer(type, nodesOf({ a: 0, b: 1, c: 0 })), 1000).keys()], ['b']);
      assert.deepEqual([...counts(balancer(type, nodesOf({ a: 0, b: 0 })), 10).keys()], ['-']);
    });

    it('picks none again that was tried, and each of the others in the end', () => {
      const nodes = nodesOf({ a: 1, b: 5, c: 2, d: 1 });
      const pick = balancer(type, nodes);
      for (let i = 0; i < 1000; i++) {
        const tried = new Set<Node>();
        for (let attempt = 0; attempt < nodes.length; attempt++) {
          const node = pick.pick(from(`client ${i}`), tried.size > 0 ? tried : undefined);
          assert.ok(node && !tried.has(node));
          tried.add(node);
        }
        assert.equal(pick.pick(from(`client ${i}`), tried), undefined);
      }
    });

    it('uses the nodes of the highest priority alone, and lower ones once all of those were tried', () => {
      const nodes = nodesOf({ a: 1, b: 1, c: 1, d: 1 }, { a: 1, b: 1, d: -1 });
      const pick = balancer(type, nodes);
      assert.deepEqual([...counts(pick, 200).keys()].sort(), ['a', 'b']);
      const [a, b, c] = nodes;
      assert.ok(a && b && c);
      assert.deepEqual([...counts(pick, 200, new Set([a])).keys()], ['b']);
      assert.deepEqual([...counts(pick, 200, new Set([a, b])).keys()], ['c']);
      assert.deepEqual([...counts(pick, 200, new Set([a, b, c])).keys()], ['d']);
    });

    it('passes a group over in which all weights are 0', () => {
      assert.deepEqual([...counts(balancer(type, nodesOf({ a: 0, b: 1 }, { a: 9 })), 100).keys()], ['b']);
    });
  });
}

describe('over 100,000 picks', () => {
  for (const [type, tolerance] of [['roundrobin', 0.01], ['least_conn', 0.01]] as const) {
    for (const weights of [{ a: 1, b: 1 }, { a: 5, b: 1, c: 1 }, { a: 3, b: 7 }, { a: 100, b: 1, c: 33 }]) {
      it(`${type} keeps to the weights ${JSON.stringify(weights)} within 1 %`, () => {
        const counted = counts(balancer(type, nodesOf(weights)), 100_000);
        const total = Object.values(weights).reduce((a, b) => a + b);
        for (const [host, weight] of Object.entries(weights)) near(counted.get(host) ?? 0, (100_000 * weight) / total, tolerance);
      });
    }
  }

  it('roundrobin shares the turns of a node that failed by weight', () => {
    const pick = balancer('roundrobin', nodesOf({ gone: 2, a: 1, b: 3 }));
    const served = new Map<string, number>();
    for (let i = 0; i < 100_000; i++) {
      const first = pick.pick(from(''));
      const node = first?.host === 'gone' ? pick.pick(from(''), new Set([first])) : first;
      served.set(node?.host ?? '-', (served.get(node?.host ?? '-') ?? 0) + 1);
    }
    near(served.get('a') ?? 0, 25_000, 0.01);
    near(served.get('b') ?? 0, 75_000, 0.01);
  });

  it('chash spreads clients by weight as a ring of 160 points for each unit does', () => {
    for (const weights of [{ a: 1, b: 1, c: 1 }, { a: 2, b: 1 }, { a: 20, b: 10 }]) {
      const counted = counts(balancer('chash', nodesOf(weights)), 100_000);
      const total = Object.values(weights).reduce((a, b) => a + b);
      for (const [host, weight] of Object.entries(weights)) near(counted.get(host) ?? 0, (100_000 * weight) / total, 0.15);
    }
  });

  it('least_conn gives as many to each of equal nodes when nothing is in flight', () => {
    const pick = balancer('least_conn', nodesOf({ a: 2, b: 2, c: 2 }));
    const counted = new Map<string, number>();
    for (let i = 0; i < 99_999; i++) {
      const host = pick.pick(from(''))?.host ?? '-';
      counted.set(host, (counted.get(host) ?? 0) + 1);
    }
    assert.deepEqual([...counted.values()], [33_333, 33_333, 33_333]);
  });

  it('ewma prefers of two nodes the one that answers faster, and forgets in time', () => {
    const [slow, fast] = nodesOf({ slow: 1, fast: 1 });
    assert.ok(slow && fast);
    const now = performance.now();
    for (let i = 10; i > 0; i--) {
      slow.load.took(100, now - i * 1000);
      fast.load.took(10, now - i * 1000);
    }
    assert.deepEqual([...counts(balancer('ewma', [slow, fast]), 1000).keys()], ['fast']);
    assert.ok(slow.load.delay(now) > slow.load.delay(now + 10_000) * 2.7);
  });
});

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * tolerance, `${actual}, and not ${expected} ± ${tolerance * 100} %`);
}

describe('the ring of chash', () => {
  const hosts = Array.from({ length: 10 }, (_, i) => `n${i}`);
  const weights = Object.fromEntries(hosts.map((host) => [host, 1]));
  const clients = Array.from({ length: 20_000 }, (_, i) => from(`client ${i}`));
  const placed = (nodes: readonly Node[], tried?: ReadonlySet<Node>): (string | undefined)[] => {
    const pick = balancer('chash', nodes);
    return clients.map((x) => pick.pick(x, tried)?.host);
  };

  it('gives a key to the same node, in whatever order nodes are written', () => {
    assert.deepEqual(placed(nodesOf(weights)), placed(nodesOf(weights).reverse()));
  });

  it('moves the keys of a node that leaves, and no others: of n nodes, 1/n of the keys on average', () => {
    const before = placed(nodesOf(weights));
    const moved = hosts.map((gone) => {
      const after = placed(nodesOf(Object.fromEntries(Object.entries(weights).filter(([host]) => host !== gone))));
      const movers = before.filter((host, i) => host !== after[i]);
      assert.deepEqual([...new Set(movers)], [gone]);
      return movers.length;
    });
    assert.equal(moved.reduce((a, n) => a + n), clients.length);
    // how even a ring of 160 points for each node is
    for (const n of moved) near(n, clients.length / hosts.length, 0.2);
  });

  it('gives the keys of a node that is not asked to where they would go without it', () => {
    const nodes = nodesOf(weights);
    const without = placed(nodes.filter(({ host }) => host !== 'n3'));
    assert.deepEqual(placed(nodes, new Set(nodes.filter(({ host }) => host === 'n3'))), without);
  });

  it('depends on the ratio of the weights alone', () => {
    assert.deepEqual(placed(nodesOf({ a: 100, b: 300 })), placed(nodesOf({ a: 1, b: 3 })));
  });

  it('is bounded, whatever the weights', () => {
    const counted = counts(balancer('chash', nodesOf({ a: 1_000_003, b: 999_999_937 })), 10_000);
    assert.ok((counted.get('a') ?? 0) < 100);
  });

  // as lua-resty-chash makes them: the CRC32 of name, zero byte, port and the point before
  it('has the points of the original', () => {
    const nodes = nodesOf({ '127.0.0.1': 1, '127.0.0.2': 1 });
    assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => balancer('chash', nodes).pick(from(key))?.host), reference(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
  });
});

/** The ring by the letter of its description, slowly. */
function reference(keys: readonly string[]): string[] {
  const points = ['127.0.0.1', '127.0.0.2'].flatMap((host) => {
    let before = 0;
    return Array.from({ length: 160 }, () => {
      const bytes = [...Buffer.from(`${host}\u0000` + '80'), before & 255, (before >>> 8) & 255, (before >>> 16) & 255, before >>> 24];
      before = crc(bytes);
      return { at: before, host };
    });
  }).sort((a, b) => a.at - b.at);
  return keys.map((key) => (points.find(({ at }) => at >= crc([...Buffer.from(key)])) ?? points[0])?.host ?? '');
}

function crc(bytes: readonly number[]): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe('a reload', () => {
  const config = (ports: readonly number[], more: string): string => `
routes: [{id: all, uri: /*, upstream_id: up, ${more}}]
upstreams: [{id: up, nodes: [${ports.map((port, i) => `{host: 127.0.0.1, port: ${port}, weight: ${3 - i}}`).join(', ')}]}]`;

  it('that leaves the nodes alone takes no turn away', async (t) => {
    const upstreams = await Promise.all(['a', 'b', 'c'].map((name) => startUpstream(t, () => answer(name))));
    const ports = upstreams.map(({ port }) => port);
    const gateway = await startGateway(t, config(ports, 'priority: 0'));
    let order = '';
    for (let i = 1; i <= 12; i++) {
      order += (await ask(gateway.port, get('/')))?.body;
      gateway.swap(config(ports, `priority: ${i}`));
    }
    assert.equal(order, 'abacbaabacba');
  });
});
