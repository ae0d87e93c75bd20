import type { Code } from '../diagnostics/codes.js';

/**
 * `${{NAME}}` and `${{NAME:=default}}` stand for environment variables. They are resolved on parsed scalars,
 * so that quoting decides the type and every position stays that of the file as written.
 *
 * The braces would be flow mappings to a YAML parser; each character of a placeholder is therefore shifted into
 * a private-use area before parsing (same length, same positions), and shifted back on the scalars.
 */
const PLACEHOLDER = /\$\{\{[^{}\n]*\}\}/g;
const BODY = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(?::=([\s\S]*))?$/;
const SHIFT = 0xe000;
const SHIFTED = /\ue024\ue07b\ue07b[^{}\n]*?\ue07d\ue07d/g;

/** How a fault is told. */
export function placeholderWords({ kind, name }: PlaceholderFault): [Code, string, string] {
  return kind === 'not-set'
    ? ['env-not-set', `the environment variable ${name} is not set`, `set it where the gateway is started, or give a default: \${{${name}:=value}}`]
    : ['env-malformed', 'this is not a placeholder for an environment variable', 'write ${{NAME}} or ${{NAME:=default}}'];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Hides the placeholders of a text from a YAML parser; length and positions stay. */
export function hidePlaceholders(text: string): string {
  return text.includes('${{') ? text.replace(PLACEHOLDER, shift) : text;
}

/** Whether a text may hold placeholders, hidden or not. */
export function mayHavePlaceholders(text: string): boolean {
  return text.includes('${{') || text.includes('\ue024');
}

/** Whether a parsed scalar holds a hidden placeholder. */
export function hasPlaceholder(scalar: string): boolean {
  return scalar.includes('\ue024\ue07b\ue07b');
}

/** The environment variables that a scalar is made of. */
export interface Placeholders {
  readonly names: readonly string[];
  /** Whether the scalar is one placeholder and nothing else. */
  readonly alone: boolean;
  readonly quoted: boolean;
  /** Whether one of them has a default. */
  readonly defaults: boolean;
}

/** Names the environment variables of a hidden scalar; undefined when there are none. */
export function placeholdersOf(scalar: string, quoted: boolean): Placeholders | undefined {
  const found = Array.from(scalar.matchAll(SHIFTED), ([hidden]) => BODY.exec(unshift(hidden).slice(3, -2)) ?? []);
  if (found.length === 0) return undefined;
  const names = [...new Set(found.map(([, name = '']) => name))];
  return { names, alone: found.length === 1 && scalar.replace(SHIFTED, '') === '', quoted, defaults: found.some(([, , fallback]) => fallback !== undefined) };
}

/** What went wrong with one placeholder. */
export interface PlaceholderFault {
  readonly kind: 'not-set' | 'malformed';
  /** The variable's name, or for a malformed one its text. */
  readonly name: string;
}

/** Replaces the hidden placeholders of a scalar by their values. */
export function resolvePlaceholders(scalar: string, env: Environment, fault: (fault: PlaceholderFault) => void): string {
  return scalar.replace(SHIFTED, (hidden) => {
    const body = unshift(hidden).slice(3, -2);
    const match = BODY.exec(body);
    if (!match) {
      fault({ kind: 'malformed', name: body.trim() });
      return '';
    }
    const [, name = '', fallback] = match;
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) return value;
    if (fallback === undefined) fault({ kind: 'not-set', name });
    return fallback?.trim() ?? '';
  });
}

const shift = (text: string): string =>
  text.replace(/[\x00-\x7f]/g, (c) => String.fromCharCode(SHIFT + c.charCodeAt(0)));
const unshift = (text: string): string =>
  text.replace(/[\ue000-\ue07f]/g, (c) => String.fromCharCode(c.charCodeAt(0) - SHIFT));
