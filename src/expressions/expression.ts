import { suggest } from '../diagnostics/suggest.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { Exchange, Value } from '../plugins/plugin.js';
import { greaterNeed, variable, variableNear, type BodyNeed } from '../variables/variable.js';
import { OPERATORS, type Misfit } from './operators.js';

/** Conditions on variables, compiled. */
export interface Expression {
  /** What of the body must have been read; undefined for most. */
  readonly needs: BodyNeed | undefined;
  test(x: Exchange): boolean;
}

/** What is wrong with an expression, and where, from its beginning. */
export interface Complaint extends Misfit {
  readonly code: 'wrong-expression' | 'unknown-variable';
}

/**
 * Compiles an expression as lua-resty-expr has it: a list of rules `[variable, operator, value]`, `[variable, "!", operator,
 * value]` or `[variable, value]`, which all must hold; or `AND`, `OR`, `!AND` or `!OR` before rules and further lists.
 * An empty one always holds. Complaints refuse the configuration: what is returned then is of no use.
 */
export function expression(rules: unknown, complain: (complaint: Complaint) => void): Expression {
  const wrong: Wrong = (path, message, hint) => complain({ code: 'wrong-expression', path, message, hint });
  const compiler = new Compiler(complain, wrong);
  if (!Array.isArray(rules)) wrong([], 'an expression is a list of rules', EXAMPLE);
  else if (rules.length === 0) return { needs: undefined, test: () => true };
  else if (!Array.isArray(rules[0]) && logicOf(rules[0]) === undefined) wrong([], 'each rule of an expression needs brackets of its own', EXAMPLE);
  else return { test: compiler.list(rules, []), needs: compiler.needs };
  return { needs: undefined, test: NEVER };
}

type Test = (x: Exchange) => boolean;
type Wrong = (path: Path, message: string, hint?: string) => void;

const EXAMPLE = 'for example `[[arg_name, "==", json]]`';
const NEVER: Test = () => false;
const LOGIC: ReadonlySet<string> = new Set(['AND', 'OR', '!AND', '!OR']);

function logicOf(word: unknown): string | undefined {
  const upper = typeof word === 'string' ? word.toUpperCase() : '';
  return LOGIC.has(upper) ? upper : undefined;
}

class Compiler {
  needs: BodyNeed | undefined;

  constructor(private readonly complain: (complaint: Complaint) => void, private readonly wrong: Wrong) {}

  list(rules: readonly unknown[], path: Path): Test {
    const logic = logicOf(rules[0]);
    if (logic === undefined && !Array.isArray(rules[0])) return this.#rule(rules, path);
    const skipped = logic === undefined ? 0 : 1;
    if (rules.length - skipped < 2 && logic !== undefined) this.wrong(path, `\`${String(rules[0])}\` takes at least two rules`, 'write the rule alone');
    const tests = rules.slice(skipped).map((rule, i) => this.#nested(rule, [...path, i + skipped]));
    return combine(logic ?? 'AND', tests);
  }

  #nested(rule: unknown, path: Path): Test {
    if (Array.isArray(rule) && rule.length > 0) return this.list(rule, path);
    this.wrong(path, Array.isArray(rule) ? 'this rule is empty' : 'a rule is a list', EXAMPLE);
    return NEVER;
  }

  #rule(rule: readonly unknown[], path: Path): Test {
    const negated = rule.length === 4;
    const [name] = rule;
    const value = this.#variable(name, rule.at(-1), path);
    if (rule.length < 2 || rule.length > 4 || (negated && rule[1] !== '!')) {
      this.wrong(path, SHAPE, negated ? 'of four parts, the second is `!`' : undefined);
      return NEVER;
    }
    // [variable, value]
    const short = rule.length === 2;
    const at = short ? 1 : rule.length - 1;
    const operator = short ? '==' : rule[at - 1];
    if (short && typeof rule[1] === 'string' && OPERATORS.has(rule[1].toLowerCase())) {
      this.wrong(path, `\`${rule[1]}\` has nothing to compare with`, 'what is missing equals `null`');
      return NEVER;
    }
    const make = typeof operator === 'string' ? OPERATORS.get(operator.toLowerCase()) : undefined;
    if (!make) {
      this.#unknownOperator(operator, [...path, at - 1]);
      return NEVER;
    }
    const test = make(rule[at], (misfit) => this.wrong([...path, at, ...misfit.path], misfit.message, misfit.hint));
    return negated ? (x) => !test(value(x)) : (x) => test(value(x));
  }

  #variable(name: unknown, last: unknown, path: Path): (x: Exchange) => Value {
    const found = typeof name === 'string' ? variable(name) : undefined;
    if (found) {
      this.needs = greaterNeed(this.needs, found.needs);
      return (x) => found.get(x);
    }
    if (typeof name !== 'string') this.wrong([...path, 0], 'a rule begins with the name of a variable', EXAMPLE);
    else if (typeof last === 'string' && variable(last)) this.wrong([...path, 0], 'a rule begins with its variable', `\`[${last}, …]\`, and what it is compared with stands last`);
    else this.complain({ code: 'unknown-variable', path: [...path, 0], message: `there is no variable \`${name}\``, hint: hintFor(name) });
    return () => undefined;
  }

  #unknownOperator(operator: unknown, path: Path): void {
    if (typeof operator !== 'string') return this.wrong(path, SHAPE);
    const near = INSTEAD.get(operator.toLowerCase()) ?? suggest(operator, OPERATORS.keys());
    // what is no sign and no usual word may be the value, and a secret
    this.wrong(path, near !== undefined || /^[!=<>~*]{1,3}$/.test(operator) ? `there is no operator \`${operator}\`` : 'this is no operator', near === undefined ? `there are ${[...OPERATORS.keys()].map((name) => `\`${name}\``).join(', ')}` : `did you mean \`${near}\`?`);
  }
}

const SHAPE = 'a rule is `[variable, operator, value]` or `[variable, "!", operator, value]`';

/** What other languages call them. */
const INSTEAD: ReadonlyMap<string, string> = new Map([['!=', '~='], ['=', '=='], ['===', '=='], ['<>', '~='], ['=~', '~~'], ['~', '~~'], ['=>', '>='], ['=<', '<='], ['not in', '!` before `in'], ['matches', '~~'], ['regex', '~~'], ['equals', '=='], ['eq', '=='], ['is', '=='], ['ne', '~='], ['gt', '>'], ['ge', '>='], ['lt', '<'], ['le', '<=']]);

/** What to write in place of a name that no variable has. */
export function hintFor(name: string): string | undefined {
  const near = variableNear(name);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function combine(logic: string, tests: readonly Test[]): Test {
  const [only] = tests;
  if (only && tests.length === 1 && logic === 'AND') return only;
  switch (logic) {
    case 'OR': return (x) => tests.some((test) => test(x));
    case '!OR': return (x) => !tests.some((test) => test(x));
    case '!AND': return (x) => !tests.every((test) => test(x));
    default: return (x) => tests.every((test) => test(x));
  }
}
