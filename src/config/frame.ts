import type { Frame, Range } from '../diagnostics/diagnostic.js';
import type { Span } from './secrets.js';

const CONTEXT_LINES = 2;
const MASK = '********';
const MAX_WIDTH = 160;

/** Cuts the lines around a range out of a text, with the given spans replaced by a mask of fixed width. */
export function frameOf(text: string, secrets: readonly Span[], range: Range): Frame {
  const first = Math.max(1, range.start.line - CONTEXT_LINES);
  const lines: string[] = [];
  let mark = { line: range.start.line, column: 0, width: 1 };
  let offset = lineStart(text, range.start.offset, range.start.line - first);
  for (let line = first; line <= range.start.line; line++) {
    const end = lineEnd(text, offset);
    const masked = mask(text, offset, end, secrets);
    if (line === range.start.line) {
      const column = masked.column(range.start.offset);
      const until = masked.column(Math.min(range.end.offset, end));
      mark = { line, column, width: Math.max(1, until - column) };
    }
    lines.push(masked.text.length > MAX_WIDTH ? `${masked.text.slice(0, MAX_WIDTH)}…` : masked.text);
    offset = end + 1;
  }
  return { firstLine: first, lines, mark };
}

/** The offset at which the line starts that is `up` lines above the one of `offset`. */
function lineStart(text: string, offset: number, up: number): number {
  let at = text.lastIndexOf('\n', offset - 1);
  if (offset === 0) at = -1;
  for (; up > 0 && at >= 0; up--) at = at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
  return at + 1;
}

function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at;
}

interface Masked {
  readonly text: string;
  /** The column in the masked text of an offset in the source. */
  column(offset: number): number;
}

function mask(text: string, start: number, end: number, secrets: readonly Span[]): Masked {
  let out = '';
  let at = start;
  const anchors: [number, number][] = [[start, 0]];
  for (const span of secrets) {
    if (span.end <= start || span.start >= end || span.end <= at) continue;
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
  return { text: out.replace(/\r$/, '').replaceAll('\t', ' '), column };
}
