import type { Node } from './upstream.js';

/** Picks the node that serves a request; undefined when none may. */
export interface Balancer {
  /** `tried`: nodes that failed for this request, which are not asked again. */
  pick(tried?: ReadonlySet<Node>): Node | undefined;
}

/**
 * Smooth weighted round robin: nodes come in turn, each as often as its weight says, spread evenly
 * (the algorithm of nginx). A single node is used whatever its weight; among several, weight 0 is never picked.
 */
export function roundRobin(nodes: readonly Node[]): Balancer {
  const [only] = nodes;
  if (nodes.length <= 1) return { pick: (tried) => (only && tried?.has(only) ? undefined : only) };
  const turns = nodes.filter((node) => node.weight > 0).map((node) => new Turn(node));
  return { pick: (tried) => (tried ? next(turns.filter(({ node }) => !tried.has(node)), 'again') : next(turns, 'first')) };
}

/**
 * What a node has coming to it, for first attempts and for further ones. Counted together, the two can fall into
 * step: with weights 2 (gone), 1 and 3 the last two shared 1:2.
 */
class Turn {
  first = 0;
  again = 0;

  constructor(readonly node: Node) {}
}

function next(open: readonly Turn[], credit: 'first' | 'again'): Node | undefined {
  let total = 0;
  let best = open[0];
  for (const turn of open) {
    total += turn.node.weight;
    turn[credit] += turn.node.weight;
    if (best && turn[credit] > best[credit]) best = turn;
  }
  if (best) best[credit] -= total;
  return best?.node;
}
