import { addressList } from '../addresses.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Value } from '../plugins/plugin.js';
import { compileRegex, isRegex } from '../regex/regex.js';
import { textOf } from '../variables/text.js';

/** Why an operator does not take what it is given. */
export interface Misfit {
  /** From the operand on. */
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Whether a variable's value fits. */
export type Test = (value: Value) => boolean;

/** An operator: takes what it compares with, and tells what is wrong with that. */
type Operator = (operand: unknown, misfit: (misfit: Misfit) => void) => Test;

const NEVER: Test = () => false;

/** The operators of lua-resty-expr, by their names in lower case. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['==', (operand, misfit) => equal(operand, misfit)],
  ['~=', (operand, misfit) => {
    const equals = equal(operand, misfit);
    return (value) => !equals(value);
  }],
  ['>', order((a, b) => a > b)],
  ['>=', order((a, b) => a >= b)],
  ['<', order((a, b) => a < b)],
  ['<=', order((a, b) => a <= b)],
  ['~~', pattern('')],
  ['~*', pattern('i')],
  ['in', (operand, misfit) => {
    if (!Array.isArray(operand)) return refuse(misfit, '`in` takes a list', '`[variable, in, [a, b]]`');
    const choices = new Set<unknown>(operand);
    return (value) => choices.has(value);
  }],
  ['has', (operand, misfit) => {
    if (!isScalar(operand)) return refuse(misfit, '`has` takes one value', 'the variable is the list; the other way round it is `in`');
    return (value) => Array.isArray(value) && value.includes(operand);
  }],
  ['ipmatch', (operand, misfit) => inNetworks(operand, misfit)],
]);

/** To a number the variable is converted; anything else must be the same, and null is what is missing. */
function equal(operand: unknown, misfit: (misfit: Misfit) => void): Test {
  if (operand === null) return (value) => value === undefined || value === null;
  if (!isScalar(operand)) return refuse(misfit, 'no variable equals a list or a mapping', 'for one of several values there is `in`, for a list that holds one `has`');
  return typeof operand === 'number' ? (value) => numberOf(value) === operand : (value) => value === operand;
}

function order(holds: (a: number, b: number) => boolean): Operator {
  return (operand, misfit) => {
    const bound = numberOf(operand);
    if (bound === undefined) return refuse(misfit, 'this operator compares numbers, and this is none');
    return (value) => {
      const number = numberOf(value);
      return number !== undefined && holds(number, bound);
    };
  };
}

function pattern(flags: string): Operator {
  return (operand, misfit) => {
    if (!isScalar(operand)) return refuse(misfit, 'a regular expression is a text');
    const compiled = compileRegex(String(operand), flags);
    if (!isRegex(compiled)) return refuse(misfit, `this regular expression: ${compiled.message}`, compiled.hint);
    return (value) => {
      const text = textOf(value);
      return text !== undefined && compiled.test(text);
    };
  };
}

function inNetworks(operand: unknown, misfit: (misfit: Misfit) => void): Test {
  const entries: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (entries.length === 0) return refuse(misfit, '`ipmatch` takes at least one address');
  const tell = (index: number): void => misfit({ path: Array.isArray(operand) ? [index] : [], message: 'this is no address and no CIDR', hint: 'for example 10.0.0.0/8, 127.0.0.1 or fd00::/8' });
  const list = addressList(entries.map((entry) => (typeof entry === 'string' ? entry : '')), tell);
  return (value) => typeof value === 'string' && list.has(value);
}

/** As Lua's `tonumber`: decimal or hexadecimal, space around it; a variable's value is a text, mostly. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[-+]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/i.test(value)) return undefined;
  const text = value.trim();
  return /^[-+]0x/i.test(text) ? Number(text.slice(1)) * (text.startsWith('-') ? -1 : 1) : Number(text);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function refuse(misfit: (misfit: Misfit) => void, message: string, hint?: string): Test {
  misfit({ path: [], message, hint });
  return NEVER;
}
