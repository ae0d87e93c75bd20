import type { Exchange, Handlers, ResponseHead, Step } from '../plugins/plugin.js';

/** One plugin at one place, compiled once for all chains that it is in. */
export interface Bound {
  readonly plugin: string;
  /** The resource that it is written on: `service/orders`. */
  readonly owner: string;
  readonly priority: number;
  readonly handlers: Handlers;
}

export type StepHandler = (x: Exchange) => Step;
export type HeaderFilter = (x: Exchange, head: ResponseHead) => void;
export type LogHandler = (x: Exchange) => void;

/** A request's handlers, phase by phase, in the order in which they run. */
export interface Chain {
  /** Whose handlers these are, in their order. */
  readonly plugins: readonly Bound[];
  readonly rewrite: readonly StepHandler[];
  readonly access: readonly StepHandler[];
  readonly headerFilters: readonly HeaderFilter[];
  readonly logs: readonly LogHandler[];
}

/** Handlers of scopes in their order: within each phase a scope's run before the next one's, and in a scope the higher priority first. */
export function chain(...scopes: readonly (readonly Bound[])[]): Chain {
  const ordered = scopes.flatMap((bound) => bound.toSorted((a, b) => b.priority - a.priority));
  if (ordered.length === 0) return EMPTY;
  const handlers = ordered.map((bound) => bound.handlers);
  return Object.freeze({
    plugins: ordered,
    rewrite: handlers.flatMap(({ rewrite }) => rewrite ?? []),
    access: handlers.flatMap(({ access }) => access ?? []),
    headerFilters: handlers.flatMap(({ headerFilter }) => headerFilter ?? []),
    logs: handlers.flatMap(({ log }) => log ?? []),
  });
}

/** What a request meets where no plugin runs. */
export const EMPTY: Chain = Object.freeze({ plugins: [], rewrite: [], access: [], headerFilters: [], logs: [] });
