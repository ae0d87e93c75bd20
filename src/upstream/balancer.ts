import type { Node } from './upstream.js';

/** Picks the node that serves a request; undefined when none may. */
export interface Balancer {
  pick(): Node | undefined;
}

/**
 * Smooth weighted round robin: nodes come in turn, each as often as its weight says, spread evenly
 * (the algorithm of nginx). A single node is used whatever its weight; among several, weight 0 is never picked.
 */
export function roundRobin(nodes: readonly Node[]): Balancer {
  const [only] = nodes;
  if (nodes.length <= 1) return { pick: () => only };
  const turns = nodes.filter((node) => node.weight > 0).map((node) => ({ node, credit: 0 }));
  const total = turns.reduce((sum, turn) => sum + turn.node.weight, 0);
  return {
    pick() {
      let best = turns[0];
      for (const turn of turns) {
        turn.credit += turn.node.weight;
        if (best && turn.credit > best.credit) best = turn;
      }
      if (best) best.credit -= total;
      return best?.node;
    },
  };
}
