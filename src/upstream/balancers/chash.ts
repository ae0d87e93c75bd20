import { crc32 } from 'node:zlib';
import type { Exchange } from '../../plugins/plugin.js';
import type { Node } from '../upstream.js';
import type { Balancing } from './balancer.js';

/** What of a request decides about its node. */
export type HashKey = (x: Exchange) => string;

/** Points of a node for each unit of its weight. */
const POINTS = 160;
/** Points of a whole ring; weights that would need more are rounded to fit. */
const MOST_POINTS = 1000 * POINTS;

/**
 * Consistent hashing, with the ring of lua-resty-chash (ketama, CRC32): requests of one key go to one node, and when a
 * node leaves, its keys alone move.
 */
export function consistentHash(key: HashKey): Balancing {
  return {
    keepsPlaces: true,
    make: (nodes) => {
      // at the first request: most of many rings are never asked
      let ring: Ring | undefined;
      return { pick: (x, tried) => find(ring ??= ringOf(nodes), key(x), tried) };
    },
  };
}

/** Points in ascending order, and whose each is. */
interface Ring {
  readonly hashes: Uint32Array;
  readonly owners: readonly (Node | undefined)[];
}

function ringOf(nodes: readonly Node[]): Ring {
  const points = Float64Array.from(countsOf(nodes).flatMap((count, i) => pointsOf(nodes[i], i, count, nodes.length))).sort();
  return {
    hashes: Uint32Array.from(points, (point) => Math.floor(point / nodes.length)),
    owners: Array.from(points, (point) => nodes[point % nodes.length]),
  };
}

/** How many points each node has. */
function countsOf(nodes: readonly Node[]): number[] {
  const weights = nodes.map(({ weight }) => weight);
  const unit = weights.reduce(commonDivisor, 0) || 1;
  const counts = weights.map((weight) => (weight / unit) * POINTS);
  const scale = Math.min(1, MOST_POINTS / counts.reduce((a, b) => a + b, 0));
  return counts.map((count) => Math.max(1, Math.round(count * scale)));
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** Each point is the checksum of the node's name and of the point before it; the node's place is its last digit. */
function pointsOf(node: Node | undefined, place: number, count: number, places: number): number[] {
  const base = crc32(`${node?.address}\0${node?.port}`);
  const before = Buffer.alloc(4);
  return Array.from({ length: count }, () => {
    const hash = crc32(before, base);
    before.writeUInt32LE(hash);
    return hash * places + place;
  });
}

/** The node of the first point at or after the key's own, which has not been tried. */
function find({ hashes, owners }: Ring, key: string, tried: ReadonlySet<Node> | undefined): Node | undefined {
  const from = firstAtOrAfter(hashes, crc32(key));
  for (let i = 0; i < owners.length; i++) {
    const node = owners[(from + i) % owners.length];
    if (node && !tried?.has(node)) return node;
  }
  return undefined;
}

function firstAtOrAfter(hashes: Uint32Array, hash: number): number {
  let [low, high] = [0, hashes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((hashes[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}
