/** A half-open stretch of 0-based offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The first of some spans, in order and without overlaps, that ends behind an offset. */
export function firstAfter(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of some spans, in order and without overlaps, those that reach into a part of the text; one behind it may be among them. */
export function reaching(spans: readonly Span[], { start, end }: Span): readonly Span[] {
  return spans.slice(firstAfter(spans, start), firstAfter(spans, end) + 1);
}

/** Blocks that hold no credentials; whatever else stands at the top (consumers, a mistyped name) is guarded. */
export const OPEN_BLOCKS: ReadonlySet<string> = new Set(['routes', 'services', 'upstreams', 'plugin_configs', 'global_rules', 'consumer_groups', 'gateway']);
