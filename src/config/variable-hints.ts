import type { Placeholders } from './placeholders.js';

/** How to write what stands for an environment variable. */
export const VARIABLE_HINT = 'an environment variable is written `${{NAME}}`';

/** Whether a text holds a variable as shells and templates write it. */
export function looksLikeVariable(text: string): boolean {
  return /\$(?:[A-Za-z_]|\{(?!\{))|\{\{/.test(text);
}

/** How a value is told that an environment variable makes, and that is not what it must be. */
export function placeholderHint(data: unknown, wanted: readonly string[], { names, alone, quoted, defaults }: Placeholders): string {
  const list = names.join(' and ');
  if (quoted && alone && typeof data === 'string' && bareFits(data, wanted)) return `remove the quotes: within quotes \${{${list}}} is always a text`;
  const empty = data === null || data === '';
  if (empty) return `the environment variable ${list} is ${defaults ? 'set to nothing, or its default is nothing' : 'set, but empty'}`;
  return `its value comes from the environment variable ${list}${defaults ? ' or the default in the placeholder' : ''}`;
}

/** Whether a text, without its quotes, would be of one of these kinds. */
export function bareFits(text: string, wanted: readonly string[]): boolean {
  return (wanted.includes('boolean') && /^(true|false)$/i.test(text)) || (wanted.some((kind) => kind === 'number' || kind === 'integer') && /^-?\d+(\.\d+)?$/.test(text));
}
