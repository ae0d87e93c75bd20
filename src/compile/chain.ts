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
  const plugins = inOrder(scopes);
  if (plugins.length === 0) return EMPTY;
  return Object.freeze({ plugins, rewrite: phaseOf(plugins, 'rewrite'), access: phaseOf(plugins, 'access'), headerFilters: phaseOf(plugins, 'headerFilter'), logs: phaseOf(plugins, 'log') });
}

function inOrder(scopes: readonly (readonly Bound[])[]): readonly Bound[] {
  const [first = NONE, ...more] = scopes.filter(({ length }) => length > 0).map((bound) => (bound.length < 2 ? bound : bound.toSorted((a, b) => b.priority - a.priority)));
  return more.length === 0 ? first : first.concat(...more);
}

function phaseOf<P extends keyof Handlers>(plugins: readonly Bound[], phase: P): readonly NonNullable<Handlers[P]>[] {
  // most plugins have one phase: thousands of chains share what they do not have
  let found: NonNullable<Handlers[P]>[] | undefined;
  for (const { handlers } of plugins) {
    const handler = handlers[phase];
    if (handler) (found ??= []).push(handler);
  }
  return exact(found ?? NONE);
}

/** A list as it is kept thousands of times: one that grew has room for 16 more. */
export function exact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list.slice();
}

const NONE: readonly never[] = Object.freeze([]);

/** What a request meets where no plugin runs. */
export const EMPTY: Chain = Object.freeze({ plugins: NONE, rewrite: NONE, access: NONE, headerFilters: NONE, logs: NONE });
