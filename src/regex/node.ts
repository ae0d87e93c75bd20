import type { CharSet } from './char-set.js';

/** One part of a regular expression, as far as it tells how long a match may take. */
export type RegexNode =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly body: RegexNode; readonly least: number; readonly most: number }
  /** `^` without m: what follows it can match in one place only. */
  | { readonly type: 'start' }
  /** `$`, `\b` and whatever else has no width. */
  | { readonly type: 'place' }
  | { readonly type: 'look'; readonly body: RegexNode }
  | { readonly type: 'backreference' };

/** A regular expression that was understood. */
export interface Parsed {
  readonly node: RegexNode;
  /** The same in the syntax that JavaScript and RE2 share. */
  readonly source: string;
  readonly flags: Flags;
  /** What it holds that only a backtracking engine can do: as it is told, or nothing. */
  readonly backtracking: string | undefined;
  /** Holds what JavaScript does not know. */
  readonly foreign: boolean;
}

/** How a whole expression is meant. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Why a regular expression is refused. */
export class RegexProblem extends Error {
  constructor(message: string, readonly hint?: string) {
    super(message);
  }
}
