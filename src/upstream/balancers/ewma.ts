import type { Node } from '../upstream.js';
import type { Balancer } from './balancer.js';

/**
 * Of two nodes at random the one that has answered faster lately: an average in which the past fades. Weights count only
 * in that 0 takes no requests.
 */
export function fastest(nodes: readonly Node[]): Balancer {
  return { pick: (_, tried) => faster(tried ? nodes.filter((node) => !tried.has(node)) : nodes) };
}

function faster(open: readonly Node[]): Node | undefined {
  const first = Math.floor(Math.random() * open.length);
  const [a, b] = [open[first], open[(first + 1 + Math.floor(Math.random() * (open.length - 1))) % open.length]];
  if (!a || !b || a === b) return a;
  const now = performance.now();
  return b.load.delay(now) < a.load.delay(now) ? b : a;
}
