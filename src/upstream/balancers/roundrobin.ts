import type { Node } from '../upstream.js';
import type { Balancer } from './balancer.js';

/**
 * Smooth weighted round robin: nodes come in turn, each as often as its weight says, spread evenly
 * (the algorithm of nginx).
 */
export function roundRobin(nodes: readonly Node[]): Balancer {
  const turns = nodes.map((node) => new Turn(node));
  return { pick: (_, tried) => (tried ? next(turns.filter(({ node }) => !tried.has(node)), 'again') : next(turns, 'first')) };
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
