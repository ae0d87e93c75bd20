import type { Node } from '../upstream.js';
import type { Balancer, Keep, MakeBalancer } from './balancer.js';

/**
 * The balancer of an upstream's nodes. A single node is used whatever its weight; among several, weight 0 is never
 * picked. Of nodes with different priorities the highest are used alone, and lower ones once those were all tried.
 */
export function balance(nodes: readonly Node[], make: MakeBalancer, keep: Keep): Balancer {
  const [only] = nodes;
  if (nodes.length <= 1) return { pick: (_, tried) => (only && tried?.has(only) ? undefined : only) };
  const weighty = nodes.filter(({ weight }) => weight > 0);
  const priorities = [...new Set(weighty.map(({ priority }) => priority))].sort((a, b) => b - a);
  const groups = priorities.map((wanted) => make(weighty.filter(({ priority }) => priority === wanted), keep));
  const [first] = groups;
  if (groups.length === 1 && first) return first;
  return {
    pick: (x, tried) => {
      for (const group of groups) {
        const node = group.pick(x, tried);
        if (node) return node;
      }
      return undefined;
    },
  };
}
