/** A half-open stretch of 0-based offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Blocks that hold no credentials; whatever else stands at the top (consumers, a mistyped name) is guarded. */
export const OPEN_BLOCKS: ReadonlySet<string> = new Set(['routes', 'services', 'upstreams', 'plugin_configs', 'global_rules', 'consumer_groups', 'gateway']);
