import { isLinear } from './linear.js';
import { RegexProblem, type Parsed } from './node.js';
import { parseRegex } from './parse.js';
import { compileRe2 } from './re2.js';

/** What an expression found: the whole, and its groups. Undefined are groups that took no part. */
export interface RegexMatch extends ReadonlyArray<string | undefined> {
  /** Where the whole begins. */
  readonly index: number;
}

/** A regular expression that takes time in proportion to the text, whatever the text is; a RegExp, or what looks like one. */
export interface Regex {
  test(text: string): boolean;
  exec(text: string): RegexMatch | null;
}

/** Why an expression is refused: a sentence that goes on after "this regular expression: ". */
export interface RegexRefusal {
  readonly message: string;
  readonly hint?: string;
}

/**
 * Compiles a regular expression of a configuration, in the common part of PCRE and JavaScript: `^`, `$` (the very end), `.`
 * (all but a line break), `\d \w \s` of ASCII, groups with and without names, `(?i)` at the beginning, POSIX classes.
 * What plainly takes time in proportion to the text runs on the engine of JavaScript; what may not runs on RE2, which
 * cannot take longer; what RE2 cannot do either (back references, looking around) is refused.
 * Of the flags of `ngx.re` and JavaScript `i`, `m` and `s` count; `j`, `o` and `u` change nothing.
 */
export function compileRegex(text: string, flags = ''): Regex | RegexRefusal {
  try {
    return build(parse(text, flags));
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    return { message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** Whether compiling succeeded. */
export function isRegex(result: Regex | RegexRefusal): result is Regex {
  return 'test' in result;
}

function parse(text: string, flags: string): Parsed {
  const unknown = /[^imsjou]/.exec(flags)?.[0];
  if (unknown !== undefined) throw new RegexProblem(`the flag ${unknown} is not known`, 'known are i, m and s');
  if (text.length > 4096) throw new RegexProblem('it is longer than 4096 characters');
  return parseRegex(text, { ignoreCase: flags.includes('i'), multiline: flags.includes('m'), dotAll: flags.includes('s') });
}

function build(parsed: Parsed): Regex {
  const { source, flags, backtracking, foreign, node } = parsed;
  if (!foreign && isLinear(node)) return native(source, `${flags.ignoreCase ? 'i' : ''}${flags.multiline ? 'm' : ''}${flags.dotAll ? 's' : ''}`);
  if (backtracking === undefined) return compileRe2(parsed);
  throw new RegexProblem(`with ${backtracking} it could take very long on some texts`, 'start it with `^`, and let one `*` or `+` at most follow what it could also match itself');
}

function native(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch {
    throw new RegexProblem('it is not well formed');
  }
}
