import type { Vocabulary } from '../schema/vocabulary.js';
import { isNearSecretName, isSecretName, isSecretVariable } from './secret-names.js';
import { OPEN_BLOCKS, type Span } from './secret-places.js';

/** The start of a line up to its value: indentation, list marks, a name and its colon. */
const ENTRY = /^([\s{[,]*(?:-\s+)*)(["']?)([\w.-]+)\2\s*:(?=\s|$)\s*/;

/** Values of these may be shown when they are one plain word. */
const PLAIN_FIELD = new Set(['username', 'id', 'name', 'desc', 'group_id', 'disable', 'priority']);

/**
 * What a text that did not parse must not show, judged line by line: the structure cannot be trusted, so outside of
 * open blocks only known names and plain words after harmless ones remain.
 */
export function spansOfText(text: string, vocabulary: Vocabulary): Span[] {
  const spans: Span[] = [];
  let open = false;
  let hiddenBelow = -1; // indentation of a secret's name, while its value may go on
  let offset = 0;
  for (const line of text.split('\n')) {
    const entry = ENTRY.exec(line);
    const name = entry?.[3] ?? '';
    const indent = line.length - line.trimStart().length;
    if (OPEN_BLOCKS.has(name)) open = true;
    else if (name === 'consumers' || /^(?:---|\.\.\.)/.test(line) || (entry && indent === 0 && /^["'\w]/.test(line))) open = false;
    if (hiddenBelow >= 0 && entry && indent <= hiddenBelow) hiddenBelow = -1;

    const from = !open || hiddenBelow >= 0 ? guardedFrom(line, entry, vocabulary) : openFrom(line, vocabulary);
    if (open && hiddenBelow < 0 && from !== undefined && !line.trimStart().startsWith('#')) hiddenBelow = indent;
    if (line.includes('consumers')) open = false;
    const end = line.trimEnd().length;
    if (from !== undefined && end > from) spans.push({ start: offset + from, end: offset + end });
    offset += line.length + 1;
  }
  return spans;
}

/** Where the part of a line begins that is hidden in a guarded block. */
function guardedFrom(line: string, entry: RegExpExecArray | null, vocabulary: Vocabulary): number | undefined {
  const [, lead = '', , name = ''] = entry ?? [];
  const start = entry ? entry[0].length : line.length - line.trimStart().length;
  if (!entry) return /^[\s{}[\],-]*$/.test(line) || vocabulary.has(line.trim()) ? undefined : start;
  if (!vocabulary.isNear(name)) return lead.length;
  const rest = line.slice(start).trimEnd();
  return PLAIN_FIELD.has(name) && /^[\w.-]{0,64}$/.test(rest) ? undefined : start;
}

/** Where the part of a line begins that is hidden in an open block: after the first name that sounds secret. */
function openFrom(line: string, vocabulary: Vocabulary): number | undefined {
  const [field, rule] = [fieldFrom(line, vocabulary), ruleFrom(line)];
  return field === undefined || rule === undefined ? field ?? rule : Math.min(field, rule);
}

function fieldFrom(line: string, vocabulary: Vocabulary): number | undefined {
  for (const { 0: found, 1: name = '', index } of line.matchAll(/(?<![\w.-])["']?([\w.-]+)["']?\s{0,8}[:=]\s*/g)) {
    if (name === 'consumers' || isSecretName(name) || isNearSecretName(name) || isSecretVariable(name) || vocabulary.isMarked(name)) return index + found.length;
    // a cookie's name alone is no secret
    if (/^set-cookie$/i.test(name) || (/^cookie$/i.test(name) && line.includes('=', index + found.length))) return index + found.length;
    // `key-auth: some-text`
    if (name.endsWith('-auth') && /^[^\s{[#]/.test(line.slice(index + found.length))) return index + found.length;
  }
  // its colon may be missing
  const [found = '', name = ''] = /^\s*(?:-\s+)?["']?([\w.-]{1,64})["']?\s+(?=\S)/.exec(line) ?? [];
  return name !== '' && (isSecretName(name) || vocabulary.isMarked(name)) ? found.length : undefined;
}

/** A rule begins with its variable: `[cookie_session, "==", …]`, or `- - cookie_session` and the rest below. */
function ruleFrom(line: string): number | undefined {
  for (const { 0: found, 1: name = '', index } of line.matchAll(/(?:\[|-\s)\s{0,8}["']?(\$?[\w.-]{1,200})["']?\s{0,8}(?:,|$)/g)) {
    if (isSecretVariable(name)) return index + found.length;
  }
  return undefined;
}
