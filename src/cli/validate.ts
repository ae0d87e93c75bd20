import { readSource, type Source } from '../config/source.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { COLOURS, draw, PLAIN } from '../diagnostics/draw.js';
import { createLoader } from '../load.js';
import { PLUGINS } from '../plugins/index.js';
import { Store } from '../state/store.js';
import { useColour } from './log.js';

/** The options of `gateway validate`. */
export interface ValidateOptions {
  readonly config: string;
  readonly format: 'pretty' | 'json';
}

/** Tells everything that is wrong with a file, as a start would; opens no socket and starts no timer. Returns the exit code. */
export async function validate({ config: file, format }: ValidateOptions): Promise<number> {
  const source = await readSource(file);
  const diagnostics = source.value ? check(source.value) : source.diagnostics;
  const valid = !hasErrors(diagnostics);
  process.stdout.write(format === 'json' ? `${JSON.stringify({ file, valid, diagnostics }, null, 2)}\n` : report(file, valid, diagnostics));
  return valid ? 0 : 1;
}

function check(source: Source): readonly Diagnostic[] {
  const { value, diagnostics } = createLoader(PLUGINS, process.env)(source, new Store(), 1);
  value?.table.retire(() => {});
  return diagnostics;
}

function report(file: string, valid: boolean, diagnostics: readonly Diagnostic[]): string {
  const drawn = diagnostics.length > 0 ? `${draw(diagnostics, useColour(process.stdout) ? COLOURS : PLAIN)}\n\n` : '';
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return `${drawn}${file}: ${valid ? 'valid' : 'refused'}${count(errors, 'error')}${count(warnings, 'warning')}\n`;
}

const count = (n: number, word: string): string => (n === 0 ? '' : `, ${n} ${word}${n === 1 ? '' : 's'}`);
