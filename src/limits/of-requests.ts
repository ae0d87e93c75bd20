import type { Path } from '../diagnostics/diagnostic.js';
import type { Binding, Exchange } from '../plugins/plugin.js';

/** What tells callers apart. */
export type KeyType = 'var' | 'var_combination' | 'constant';

/**
 * Compiles what a limit counts by. A request that has nothing of it is counted by its address, and is never taken for
 * one that sent that address.
 */
export function keyOf(key: string, type: KeyType, binding: Pick<Binding, 'variable' | 'combination'>, path: Path): (x: Exchange) => string {
  if (type === 'constant') return () => key;
  if (type === 'var' && key === 'remote_addr') return (x) => x.address;
  const get = type === 'var' ? binding.variable(key, path) : binding.combination(key, path);
  return (x) => {
    const found = get(x);
    if (!found) return `\0${x.address}`;
    // an argument may begin so too: `%00`
    return found.startsWith('\0') ? `\0${found}` : found;
  };
}

/** Compiles what a rule counts by; undefined when a request has nothing of it. Two rules have no counter in common, whatever their keys come to. */
export function ruleKey(key: string, i: number, binding: Pick<Binding, 'combination'>): (x: Exchange) => string | undefined {
  const combination = binding.combination(key, ['rules', i, 'key']);
  return (x) => {
    const found = combination(x);
    return found === undefined ? undefined : `${i} ${found}`;
  };
}

/** Refuses rules with the same key. */
export function checkRules(rules: readonly { readonly key: string }[], { reject }: Pick<Binding, 'reject'>): void {
  const keys = new Set<string>();
  for (const [i, { key }] of rules.entries()) {
    if (keys.has(key)) reject(['rules', i, 'key'], 'another rule has the same key');
    keys.add(key);
  }
}

/** Compiles a number that stands in the configuration or is made of variables; undefined for what is none, or not whole, or less than `least`. */
export function numberOf(value: number | string, least: number, binding: Pick<Binding, 'template' | 'reject'>, path: Path): (x: Exchange) => number | undefined {
  if (typeof value === 'number') return () => value;
  const render = binding.template(value, path);
  if (!value.includes('$') && wholeNumber(value, least) === undefined) binding.reject(path, `this is neither a whole number from ${least} on nor a text with variables`);
  return (x) => wholeNumber(render(x), least);
}

function wholeNumber(text: string, least: number): number | undefined {
  const number = /^\d{1,16}(\.0+)?$/.test(text.trim()) ? Number(text) : NaN;
  return Number.isSafeInteger(number) && number >= least ? number : undefined;
}
