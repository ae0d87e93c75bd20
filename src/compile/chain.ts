import type { Exchange, Handlers, ResponseHead, Step } from '../plugins/plugin.js';
import { readBody } from '../variables/post.js';

/** One plugin at one place, compiled. */
export interface Bound {
  readonly plugin: string;
  readonly priority: number;
  readonly handlers: Handlers;
  /** Whether the body of the request must have been read before it runs. */
  readonly needsBody: boolean;
}

/** A route's handlers, phase by phase, in the order in which they run. */
export interface Chain {
  /** Rewrite, then access: the phase goes before the priority. */
  readonly steps: readonly ((x: Exchange) => Step)[];
  readonly headerFilters: readonly ((x: Exchange, head: ResponseHead) => void)[];
  readonly logs: readonly ((x: Exchange) => void)[];
}

/** Orders compiled plugins into a chain: within a phase the higher priority runs first. */
export function chain(bound: readonly Bound[]): Chain {
  const ordered = bound.toSorted((a, b) => b.priority - a.priority).map((b) => b.handlers);
  return Object.freeze({
    steps: [...(bound.some((b) => b.needsBody) ? [readBody] : []), ...ordered.flatMap((h) => h.rewrite?.bind(h) ?? []), ...ordered.flatMap((h) => h.access?.bind(h) ?? [])],
    headerFilters: ordered.flatMap((h) => h.headerFilter?.bind(h) ?? []),
    logs: ordered.flatMap((h) => h.log?.bind(h) ?? []),
  });
}
