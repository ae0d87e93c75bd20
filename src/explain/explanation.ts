import type { Range } from '../diagnostics/diagnostic.js';

/** What a gateway would do with a request. Secrets of the request and of the configuration are masked. */
export interface Explanation {
  readonly request: { readonly method: string; readonly target: string; readonly host: string; readonly from: string };
  /** The path as routes are compared with it, and as it is forwarded; undefined when the request is refused before. */
  readonly path: string | undefined;
  /** Why it is refused before any route is looked for. */
  readonly refused: string | undefined;
  /** Undefined when none fits. */
  readonly route: ExplainedRoute | undefined;
  /** Other routes whose paths fit: those that were tried, in that order, then the rest. */
  readonly others: readonly OtherRoute[];
  /** Who is found to call. */
  readonly consumer: string | undefined;
  /** What plugins do, phase by phase, in the order in which they do it. */
  readonly plugins: readonly ExplainedPlugin[];
  /** Plugins that are configured, and do not run: another place speaks for them, or switches them off. */
  readonly silent: readonly SilentPlugin[];
  readonly upstream: ExplainedUpstream | undefined;
  readonly answer: ExplainedAnswer;
}

/** A route, and where it stands. */
export interface ExplainedRoute {
  readonly id: string;
  readonly name: string | undefined;
  readonly service: string | undefined;
  readonly place: Range;
}

/** A route that a request does not meet, although its path fits. */
export interface OtherRoute {
  readonly route: string;
  readonly name: string | undefined;
  readonly place: Range;
  /** What does not fit, or which route comes before it; in words. */
  readonly because: string;
}

/** One phase of a plugin. */
export interface ExplainedPlugin {
  readonly plugin: string;
  /** The resource that it is written on: `service/orders`. */
  readonly source: string;
  readonly place: Range;
  readonly phase: 'rewrite' | 'access';
  /** Within a phase the higher runs first. */
  readonly priority: number;
  readonly outcome: 'passes' | 'answers' | 'fails' | 'unknown' | 'filtered' | 'not-reached';
  readonly changes: readonly string[];
  /** Plugins that it runs itself. */
  readonly inner: readonly Omit<ExplainedPlugin, 'place' | 'priority'>[];
}

/** A plugin that does not run where it is configured. */
export interface SilentPlugin {
  readonly plugin: string;
  readonly source: string;
  readonly place: Range;
  /** In words: switched off, or hidden by another place. */
  readonly because: string;
}

/** Where a request goes. */
export interface ExplainedUpstream {
  readonly id: string;
  readonly place: Range;
  readonly scheme: string;
  readonly type: string;
  /** Those of a lower priority are asked once none of a higher one is left. */
  readonly nodes: readonly { readonly node: string; readonly weight: number; readonly priority: number }[];
  /** What the node gets; undefined when the request does not get that far. */
  readonly sent: { readonly node: string; readonly method: string; readonly target: string; readonly headers: readonly (readonly [string, string])[] } | undefined;
}

/** What the client gets. */
export interface ExplainedAnswer {
  /** Undefined for whatever the upstream answers. */
  readonly status: number | undefined;
  /** Who answers: `the gateway`, `the plugin key-auth`, `the upstream`. */
  readonly by: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}
