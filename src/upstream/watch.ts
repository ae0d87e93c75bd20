import type { Watch } from './upstream.js';

/** A failure counts as so many milliseconds: one that was quick is not to be taken for speed. */
const FAILED_MS = 5000;

/** Who learns what becomes of exchanges: the times of nodes, their health, or nobody. */
export function watchOf(times: boolean, health: boolean): Watch | undefined {
  if (!times && !health) return undefined;
  return {
    answered: (node, status) => {
      if (health) node.health?.answered(status);
    },
    failed: (node, fault) => {
      if (times) node.load.took(FAILED_MS, performance.now());
      if (health) node.health?.failed(fault);
    },
    took: (node, milliseconds) => {
      if (times) node.load.took(milliseconds, performance.now());
    },
  };
}
