import type { Value } from '../plugins/plugin.js';

/** Everything in a value that a JSONPath leads to. */
export type Query = (value: Value) => Value[];

type Step = (values: readonly Value[]) => Value[];

/** One step of a path: `..`, `.name`, `.*`, `['name']`, `[0]`, `[*]`, `[1:3]`. */
const STEP = /(\.\.)(?=[^.\]])|\.?([^.[*\]]+)|\.?(\*)|\[\s*(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*)|(-?\d*):(-?\d*))\s*\]/y;

/** Compiles a JSONPath (RFC 9535 without filters and unions), written with or without its `$`; undefined when it is none. */
export function jsonPath(path: string): Query | undefined {
  const steps: Step[] = [];
  const text = path.replace(/^\$/, '');
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return undefined;
    steps.push(stepOf(match));
  }
  return (value) => steps.reduce<Value[]>((values, step) => step(values), value === undefined ? [] : [value]);
}

function stepOf([, deep, name, star, single, double, index, all, from, to]: RegExpExecArray): Step {
  const member = name ?? single ?? double;
  if (deep !== undefined) return (values) => values.flatMap(descendants);
  if (member !== undefined) return (values) => values.map((value) => memberOf(value, member)).filter((value) => value !== undefined);
  if (star !== undefined || all !== undefined) return (values) => values.flatMap(children);
  if (index !== undefined) return (values) => values.flatMap((value) => (Array.isArray(value) ? slice(value, Number(index), Number(index) + 1 || undefined) : []));
  return (values) => values.flatMap((value) => (Array.isArray(value) ? slice(value, from ? Number(from) : 0, to ? Number(to) : undefined) : []));
}

const slice = (list: readonly Value[], from: number, to: number | undefined): Value[] => list.slice(from, to);

/** What stands under a name in an object; nothing that objects have by birth. */
export function memberOf(value: Value, name: string): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, Value>>)[name];
}

function children(value: Value): Value[] {
  if (Array.isArray(value)) return value as Value[];
  return typeof value === 'object' && value !== null ? Object.values(value) as Value[] : [];
}

/** A value and all below it; not by recursion, since a body may nest as deep as it likes. */
function descendants(value: Value): Value[] {
  const found: Value[] = [];
  const waiting: Value[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    found.push(next);
    for (const child of children(next).toReversed()) if (typeof child === 'object' && child !== null) waiting.push(child);
  }
  return found;
}
