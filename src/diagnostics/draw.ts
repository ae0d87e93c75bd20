import type { Diagnostic, Frame, Range } from './diagnostic.js';
import { printable } from './printable.js';

/** Colours a text for a terminal, or leaves it. */
export interface Palette {
  red(text: string): string;
  yellow(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** For files, pipes and NO_COLOR. */
export const PLAIN: Palette = { red: String, yellow: String, dim: String, bold: String };

const code = (n: number, end: number) => (text: string): string => `\u001b[${n}m${text}\u001b[${end}m`;

/** For terminals. */
export const COLOURS: Palette = { red: code(31, 39), yellow: code(33, 39), dim: code(2, 22), bold: code(1, 22) };

/** Draws diagnostics for people: place, what is wrong, the lines, a hint. */
export function draw(diagnostics: readonly Diagnostic[], palette: Palette = PLAIN): string {
  return diagnostics.map((d) => drawOne(d, palette)).join('\n\n');
}

function drawOne(d: Diagnostic, palette: Palette): string {
  const severity = d.severity === 'error' ? palette.red('error') : palette.yellow('warning');
  const lines = [`${d.range ? `${palette.bold(placeOf(d.range))}: ` : ''}${severity}: ${printable(d.message)} ${palette.dim(`[${d.code}]`)}`];
  if (d.frame) lines.push(...drawFrame(d.frame, d.severity === 'error' ? palette.red : palette.yellow, palette));
  for (const related of d.related ?? []) lines.push(`  ${palette.dim('note:')} ${printable(related.message)}: ${placeOf(related.range)}`);
  if (d.hint) lines.push(`  ${palette.bold('hint:')} ${printable(d.hint)}`);
  return lines.join('\n');
}

/** `file:line:column`. */
function placeOf(range: Range): string {
  return `${printable(range.file)}:${range.start.line}:${range.start.column}`;
}

function drawFrame(frame: Frame, paint: (text: string) => string, { dim }: Palette): string[] {
  const { firstLine, lines, mark } = frame;
  const gutter = String(firstLine + lines.length - 1).length;
  return lines.flatMap((text, i) => {
    const line = firstLine + i;
    const row = `  ${dim(`${String(line).padStart(gutter)} |`)} ${text}`;
    return line === mark.line ? [row, `  ${dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(mark.column)}${paint('^'.repeat(mark.width))}`] : [row];
  });
}
