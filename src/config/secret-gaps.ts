import { firstAfter, type Span } from './secret-places.js';

/** `key: value` or `key=value` within a comment. */
const SECRET_IN_COMMENT = /(?:key|secret|passw|token|credential|private|bearer|authorization|cookie)[\w-]{0,40}["']?\s{0,8}[:=]\s{0,8}(\S[^\n]*)/i;

/**
 * What must not be shown of a part of the text between scalars: comments, and in guarded regions also anchors, aliases and tags,
 * since a key that starts with `*`, `&` or `!` is read as one of these.
 */
export function spansOfGaps(text: string, part: Span, scalars: readonly Span[], guarded: readonly Span[]): Span[] {
  const spans: Span[] = [];
  let at = part.start;
  let region = firstAfter(guarded, at);
  let comment = text.indexOf('#', at);
  const ordered = scalars.toSorted((a, b) => a.start - b.start);
  const last = { start: part.end, end: part.end };
  for (let i = 0; i <= ordered.length; i++) {
    const { start, end } = ordered[i] ?? last;
    if (start > part.end) continue;
    for (let from = at; from < start; ) {
      while (region < guarded.length && (guarded[region]?.end ?? 0) <= from) region++;
      const zone = guarded[region];
      const inside = zone !== undefined && zone.start <= from;
      // a gap may go from one region to the next
      const until = Math.min(start, zone === undefined ? start : inside ? zone.end : Math.max(zone.start, from + 1));
      if (comment >= 0 && comment < from) comment = text.indexOf('#', from);
      if (inside) for (const span of guardedGap(text, from, until)) spans.push(span);
      else if (comment >= 0 && comment < until) for (const span of openGap(text, from, until)) spans.push(span);
      from = until;
    }
    at = Math.max(at, end);
  }
  return spans;
}

/** Everything but the marks of YAML's structure. */
function guardedGap(text: string, from: number, until: number): Span[] {
  const gap = text.slice(from, until);
  return Array.from(gap.matchAll(/#[^\n]*|[^\s\-:,[\]{}?#]+/g), ({ 0: found, index }) => {
    const start = from + index + (found.startsWith('#') ? 1 : 0);
    return { start, end: from + index + found.trimEnd().length };
  }).filter(({ start, end }) => end > start);
}

/** Comments that say `key: …`. */
function openGap(text: string, from: number, until: number): Span[] {
  const gap = text.slice(from, until);
  return Array.from(gap.matchAll(/#[^\n]*/g)).flatMap(({ 0: comment, index }) => {
    const found = SECRET_IN_COMMENT.exec(comment);
    if (!found) return [];
    const end = from + index + comment.trimEnd().length;
    return [{ start: from + index + comment.length - (found[1] ?? '').length, end }];
  });
}
