import type { Exchange } from '../plugins/plugin.js';
import { textOf } from './text.js';
import { greaterNeed, variable, type BodyNeed } from './variable.js';

/** A text with variables in it, compiled. */
export interface Template {
  readonly needs: BodyNeed | undefined;
  render(x: Exchange): string;
  /** The same; undefined when nothing is there of the variables that it names. */
  combine(x: Exchange): string | undefined;
}

/** `\$`, `${name}` with or without a default, or `$name`. */
const PART = /\\\$|\$\{(\w+)(?:\s*\?\?\s*([^}]*?))?\s*\}|\$(\w+)/g;

/**
 * Compiles a text in which `$name`, `${name}` and `${name ?? default}` stand for variables, and `\$` for a dollar. What
 * is missing is its default, or empty. `unknown` is told of names that no variable has.
 */
export function template(text: string, unknown: (name: string) => void): Template {
  const parts: Part[] = [];
  let needs: BodyNeed | undefined;
  let from = 0;
  for (const match of text.matchAll(PART)) {
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const name = match[1] ?? match[3];
    const found = name === undefined ? undefined : variable(name);
    if (name === undefined) parts.push('$');
    else if (!found) unknown(name);
    else {
      needs = greaterNeed(needs, found.needs);
      const otherwise = match[2];
      parts.push((x) => textOf(found.get(x)) ?? otherwise);
    }
  }
  parts.push(text.slice(from));
  const filled = parts.filter((part) => part !== '');
  return { needs, render: renderer(filled), combine: (x) => combination(filled, x) };
}

/** A stretch of text, or a variable. */
type Part = string | ((x: Exchange) => string | undefined);

function renderer(parts: readonly Part[]): (x: Exchange) => string {
  if (!parts.some((part) => typeof part === 'function')) {
    const text = parts.join('');
    return () => text;
  }
  return (x) => {
    let out = '';
    for (const part of parts) out += typeof part === 'string' ? part : (part(x) ?? '');
    return out;
  };
}

function combination(parts: readonly Part[], x: Exchange): string | undefined {
  let out = '';
  let some = false;
  for (const part of parts) {
    const value = typeof part === 'string' ? part : part(x);
    some ||= value !== undefined && typeof part === 'function';
    out += value ?? '';
  }
  return some ? out : undefined;
}
