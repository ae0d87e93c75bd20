import { createRequire } from 'node:module';
import type * as re2js from 're2js';
import { RegexProblem, type Parsed } from './node.js';
import type { Regex, RegexMatch } from './regex.js';

/** RE2 walks all places of the program at once, for each character of the text: 16 KiB take it some 20 ms then. */
const MAX_PROGRAM = 500;

/** Compiles for RE2, which takes time in proportion to the text whatever the expression is, or throws a RegexProblem. */
export function compileRe2({ source, flags }: Parsed): Regex {
  // half a megabyte that few configurations need
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof re2js;
  const bits = (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (flags.multiline ? RE2JS.MULTILINE : 0) | (flags.dotAll ? RE2JS.DOTALL : 0);
  let compiled: re2js.RE2JS;
  try {
    compiled = RE2JS.compile(source, bits);
  } catch {
    throw new RegexProblem('it is not well formed');
  }
  if (compiled.programSize() > MAX_PROGRAM) throw new RegexProblem('it is too large', 'ask for fewer repetitions, or start it with `^`');
  return { test: (text) => compiled.test(text), exec: (text) => find(compiled, text) };
}

function find(compiled: re2js.RE2JS, text: string): RegexMatch | null {
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return null;
  const groups = Array.from({ length: compiled.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
  return Object.assign(groups, { index: matcher.start() });
}
