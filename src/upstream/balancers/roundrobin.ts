import type { Node } from '../upstream.js';
import type { Balancer, Keep } from './balancer.js';

/**
 * Smooth weighted round robin: nodes come in turn, each as often as its weight says, spread evenly
 * (the algorithm of nginx).
 */
export function roundRobin(nodes: readonly Node[], keep: Keep): Balancer {
  const credits = keep(`turns ${nodes.map(({ host, address, port, weight }) => `${host} ${address} ${port} ${weight}`).join()}`, () => nodes.map(() => new Credit()));
  const turns = nodes.map((node, i): Turn => ({ node, credit: credits[i] ?? new Credit() }));
  return { pick: (_, tried) => (tried ? next(turns.filter(({ node }) => !tried.has(node)), 'again') : next(turns, 'first')) };
}

/**
 * What a node has coming to it, for first attempts and for further ones. Counted together, the two can fall into
 * step: with weights 2 (gone), 1 and 3 the last two shared 1:2.
 */
class Credit {
  first = 0;
  again = 0;
}

interface Turn {
  readonly node: Node;
  readonly credit: Credit;
}

function next(open: readonly Turn[], kind: 'first' | 'again'): Node | undefined {
  let total = 0;
  let best = open[0];
  for (const turn of open) {
    total += turn.node.weight;
    turn.credit[kind] += turn.node.weight;
    if (best && turn.credit[kind] > best.credit[kind]) best = turn;
  }
  if (best) best.credit[kind] -= total;
  return best?.node;
}
