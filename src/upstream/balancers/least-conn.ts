import type { Node } from '../upstream.js';
import type { Balancer, Keep } from './balancer.js';

/** The node with the fewest requests in flight for its weight; nodes that are equal in this come in turn. */
export function leastConnections(nodes: readonly Node[], keep: Keep): Balancer {
  const turn = keep('turn', () => ({ next: 0 }));
  return {
    pick: (_, tried) => {
      const from = turn.next++ % nodes.length;
      let best: Node | undefined;
      let least = Infinity;
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[(from + i) % nodes.length];
        if (!node || tried?.has(node)) continue;
        const score = (1 + node.load.inFlight) / node.weight;
        if (score >= least) continue;
        least = score;
        best = node;
      }
      return best;
    },
  };
}
