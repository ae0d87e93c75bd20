import type { Frame, Range } from '../diagnostics/diagnostic.js';
import { printable } from '../diagnostics/printable.js';
import { firstAfter, type Span } from './secret-places.js';

const LINES_ABOVE = 2;
/** The line that is guilty of a wrong indentation stands below the one that the parser stumbles over. */
const LINES_BELOW = 1;
/** Stands for a secret; its width says nothing of the secret's. */
export const MASK = '********';
const MAX_WIDTH = 160;
/** How much of a long line is shown left of what is meant. */
const LEAD = 60;

/** The stretch of the text that a frame around a range may show. */
export function linesAround(text: string, { start }: Range): Span {
  let end = lineEnd(text, start.offset);
  for (let below = 0; below < LINES_BELOW && end < text.length; below++) end = lineEnd(text, end + 1);
  return { start: lineStart(text, start.offset, LINES_ABOVE), end };
}

/** Cuts the lines around a range out of a text, with the given spans (in order, without overlaps) masked. */
export function frameOf(text: string, secrets: readonly Span[], range: Range): Frame {
  const first = Math.max(1, range.start.line - LINES_ABOVE);
  const lines: string[] = [];
  let mark = { line: range.start.line, column: 0, width: 1 };
  let offset = lineStart(text, range.start.offset, range.start.line - first);
  for (let line = first; line <= range.start.line + LINES_BELOW; line++) {
    const end = lineEnd(text, offset);
    // nothing is learnt of an empty line below
    if (line > range.start.line && text.slice(offset, Math.min(end, offset + MAX_WIDTH)).trim() === '') break;
    const marked = line === range.start.line;
    const window = cut(offset, end, marked ? range.start.offset : offset);
    const masked = mask(text, window, secrets);
    if (marked) {
      const column = masked.column(range.start.offset);
      const until = masked.column(Math.min(range.end.offset, window.end));
      mark = { line, column, width: Math.max(1, until - column) };
    }
    lines.push(masked.text);
    offset = end + 1;
  }
  return { firstLine: first, lines, mark };
}

/** The offset at which the line starts that is `up` lines above the one of `offset`. */
function lineStart(text: string, offset: number, up: number): number {
  let at = offset === 0 ? -1 : text.lastIndexOf('\n', offset - 1);
  for (; up > 0 && at >= 0; up--) at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
  return at + 1;
}

function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at;
}

interface Window extends Span {
  /** What stands for the parts of the line that are left out. */
  readonly before: string;
  readonly after: string;
}

/** Of a long line the part around an offset: JSON may be one line of megabytes. */
function cut(start: number, end: number, offset: number): Window {
  const from = offset - start > MAX_WIDTH - LEAD ? offset - LEAD : start;
  const until = Math.min(end, from + MAX_WIDTH);
  return { start: from, end: until, before: from > start ? '…' : '', after: until < end ? '…' : '' };
}

interface Masked {
  readonly text: string;
  /** The column in the masked text of an offset in the source. */
  column(offset: number): number;
}

function mask(text: string, { start, end, before, after }: Window, secrets: readonly Span[]): Masked {
  let out = before;
  let at = start;
  const anchors: [number, number][] = [[start, out.length]];
  for (let i = firstAfter(secrets, start); i < secrets.length; i++) {
    const span = secrets[i];
    if (!span || span.start >= end) break;
    const from = Math.max(span.start, at);
    out += text.slice(at, from);
    anchors.push([from, out.length]);
    out += MASK;
    at = Math.min(span.end, end);
    anchors.push([at, out.length]);
  }
  out += text.slice(at, end);
  const column = (offset: number): number => {
    const [from, base] = anchors.findLast(([anchor]) => anchor <= offset) ?? [start, 0];
    return base + Math.min(Math.max(offset - from, 0), out.length - base);
  };
  return { text: printable(out.replace(/\r$/, '')) + after, column };
}
