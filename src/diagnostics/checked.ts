import { hasErrors, type Diagnostic } from './diagnostic.js';
import { printable } from './printable.js';

/** What was found in one file. */
export interface Checked {
  /** As the user named it. */
  readonly file: string;
  /** Whether a start would take it. */
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Judges what was found in a file; strictly, a warning refuses it as an error does. */
export function judge(file: string, found: readonly Diagnostic[], strict: boolean): Checked {
  const diagnostics = strict ? found.map((d): Diagnostic => ({ ...d, severity: 'error' })) : found;
  return { file, valid: !hasErrors(diagnostics), diagnostics };
}

/** One line on a file: `config.yaml: refused, 2 errors, 1 warning`. */
export function summary({ file, valid, diagnostics }: Checked): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  return `${printable(file)}: ${valid ? 'valid' : 'refused'}${count(errors, 'error')}${count(diagnostics.length - errors, 'warning')}`;
}

const count = (n: number, word: string): string => (n === 0 ? '' : `, ${n} ${word}${n === 1 ? '' : 's'}`);
