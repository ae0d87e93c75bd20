import type { Code } from './codes.js';

/** An error refuses the file; a warning is told, and the file applies. */
export type Severity = 'error' | 'warning';

/** The way from the root of a document to a value: keys of mappings and 0-based indexes of lists. */
export type Path = readonly (string | number)[];

/** A place in a text: 1-based line and column (in UTF-16 units), 0-based offset. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A stretch of a file; `end` is exclusive. */
export interface Range {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/** Lines of the source around a range, with every secret already masked. */
export interface Frame {
  /** Number of the first of the lines, 1-based. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** What to underline: line number, 0-based column and width within the masked text. */
  readonly mark: { readonly line: number; readonly column: number; readonly width: number };
}

/** A second place that explains the first ("first defined here"). */
export interface Related {
  readonly message: string;
  readonly range: Range;
}

/** One thing that the author of a configuration should know. Its texts never quote a secret. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly path: Path;
  readonly range?: Range;
  readonly frame?: Frame;
  readonly hint?: string;
  readonly related?: readonly Related[];
}

/** Whether any of them refuses the file. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
