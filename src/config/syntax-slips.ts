import type { ErrorCode } from 'yaml';
import { dashAt, deeperLineBelow, indentedEntryAt, listAbove, nextText, spacesHint } from './indentation.js';
import { yamlWords } from './yaml-words.js';

/** What the parser tells of an error. */
export interface SyntaxError {
  readonly code: ErrorCode;
  readonly pos: readonly [start: number, end: number];
  readonly message: string;
}

/** What was probably done wrong, and where. */
export interface Slip {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Whatever follows is mostly the consequence of it. */
  readonly explainsTheRest: boolean;
}

/** The slip of the pen that an error of the parser comes from. */
export function slipOf(error: SyntaxError, text: string): Slip {
  return spaceSlip(error, text) ?? structureSlip(error, text) ?? indentationSlip(error, text) ?? plainSlip(error, text);
}

/** A space of another kind, as web pages have them, where a line is indented or behind the colon of its key; there or on the line before. */
function spaceSlip({ pos: [at] }: SyntaxError, text: string): Slip | undefined {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.lastIndexOf('\n', line - 2) + 1;
  const end = text.indexOf('\n', at);
  for (const start of [before, line]) {
    const found = OTHER_SPACE.exec(text.slice(start, Math.min(end < 0 ? text.length : end, start + 500)));
    const place = start + (found?.[0].length ?? 0) - 1;
    if (found) return { start: place, end: place + 1, message: 'this is another kind of space than YAML takes', hint: 'type it anew: it was probably copied from a web page', explainsTheRest: true };
  }
  return undefined;
}

const OTHER_SPACE = /^ *(?:- +)*(?:["']?[\w.-]{1,100}["']?:)?[\u00a0\u2000-\u200b\u202f\u3000]/;

/** These errors leave the parser lost. */
const LOST: ReadonlySet<ErrorCode> = new Set(['UNEXPECTED_TOKEN', 'BAD_INDENT', 'MULTILINE_IMPLICIT_KEY', 'TAB_AS_INDENT', 'BLOCK_IN_FLOW']);

function plainSlip({ code, pos: [start, end], message }: SyntaxError, text: string): Slip {
  const words = yamlWords(code);
  return { start, end, message: words.message, hint: hintOf(code, text, start, message) ?? words.hint, explainsTheRest: LOST.has(code) };
}

/** An entry in the wrong column. */
function indentationSlip({ code, pos: [at] }: SyntaxError, text: string): Slip | undefined {
  const deeper = code === 'BLOCK_AS_IMPLICIT_KEY' ? deeperLineBelow(text, at) : undefined;
  if (deeper !== undefined) return { start: deeper, end: deeper + 1, message: 'this line stands further right than the entry above it, which has its value already', hint: spacesHint(text, deeper), explainsTheRest: true };
  const misplaced = code === 'MISSING_CHAR' ? indentedEntryAt(text, at) : code === 'BAD_INDENT' ? nextText(text, at) : undefined;
  if (misplaced === undefined) return undefined;
  // it stands in the column of the dashes above: another one would not mend it
  if (/^-\w[^\n]*:/.test(text.slice(misplaced, misplaced + 500))) return tightDash(misplaced);
  return { start: misplaced, end: misplaced + 1, message: yamlWords('BAD_INDENT').message, hint: spacesHint(text, misplaced), explainsTheRest: true };
}

/** A dash that is missing, or stands where none belongs. */
function structureSlip({ code, pos: [at], message }: SyntaxError, text: string): Slip | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const [, indent] = code === 'BLOCK_AS_IMPLICIT_KEY' ? (/^( *)-\w[^\n]*:/.exec(text.slice(start, start + 500)) ?? []) : [];
  if (indent !== undefined) return tightDash(start + indent.length);
  const dash = code === 'BLOCK_AS_IMPLICIT_KEY' && message.includes('sequence') ? dashAt(text, at) : undefined;
  if (dash === undefined) return undefined;
  const hint = listAbove(text, dash) ? spacesHint(text, dash) : 'does the entry above it lack its `- `?';
  return { start: dash, end: dash + 1, message: 'this entry of a list stands where no list is', hint, explainsTheRest: true };
}

/** A dash that no space follows. */
const tightDash = (start: number): Slip => ({ start, end: start + 1, message: 'this `-` starts no entry of a list', hint: 'a `-` needs a space after it', explainsTheRest: true });

/** What the text around an error tells more than its kind. */
function hintOf(code: ErrorCode, text: string, at: number, message: string): string | undefined {
  const before = text.slice(Math.max(0, at - 200), at).trimEnd().at(-1) ?? '';
  const here = text.slice(at, at + 200);
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && /^\d{1,5}:(?=\s)/.test(here) && before === ':') return 'a node is one name: remove the space before its port';
  if (code === 'MULTILINE_IMPLICIT_KEY') return /^[\w-]+:\S/.test(here) ? 'a colon needs a space after it' : /^[\w-]+[^\S\n]*\n/.test(here) ? 'write a `:` behind it' : undefined;
  if (code === 'MISSING_CHAR') return /^Missing , or :/.test(message) ? 'is a comma missing before it, or a colon?' : /^Missing ,/.test(message) ? 'is a comma missing before it?' : undefined;
  if (code !== 'UNEXPECTED_TOKEN') return undefined;
  if (at > 0 && text.charAt(at - 1) === '\n' && /^\s*(?:#[^\n]*\n\s*)*-\s/.test(text)) return 'the file begins with a list, and a configuration is a mapping: remove the `- ` that it begins with';
  if (/^["{[]/.test(here) && /["}\]]/.test(before)) return /^[{[]/.test(here) ? 'one file holds one configuration; within it a comma stands between two values' : 'is a comma missing before it?';
  if (before === "'") return 'the text ended before it: write `\'\'` for a `\'` within single quotes';
  return before === '"' ? 'the text ended before it: write `\\"` for a `"` within double quotes, or put single quotes around it' : undefined;
}
