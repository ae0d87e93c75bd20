import type { Checked } from './checked.js';
import type { Diagnostic } from './diagnostic.js';
import { printable } from './printable.js';

/**
 * Workflow commands of GitHub Actions, which become annotations of the lines in a pull request
 * (docs.github.com, "Workflow commands for GitHub Actions").
 */
export function github(checked: readonly Checked[]): string[] {
  return checked.flatMap(({ file, diagnostics }) => diagnostics.map((d) => command(file, d)));
}

function command(file: string, { code, severity, message, hint, range, related = [] }: Diagnostic): string {
  const properties = { file, ...(range && placeOf(range)), title: code };
  const text = [message, ...related.map((r) => `${r.message}: ${r.range.file}:${r.range.start.line}:${r.range.start.column}`), ...(hint === undefined ? [] : [`hint: ${hint}`])].join('\n');
  return `::${severity} ${Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')}::${escapeData(text)}`;
}

function placeOf({ start, end }: NonNullable<Diagnostic['range']>): Record<string, number> {
  // columns are taken only where an annotation is on one line
  return start.line === end.line ? { line: start.line, endLine: end.line, col: start.column, endColumn: end.column } : { line: start.line, endLine: end.line };
}

/** Within a message three characters have a meaning; others, a terminal would obey. */
const escapeData = (text: string): string => text.replace(/[^\r\n]+/g, printable).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Within a property, two more. */
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
