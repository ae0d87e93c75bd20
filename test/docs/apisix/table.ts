/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`.replace(/\|  (?=\|)/g, '| ');
  return line(head) + `|${'---|'.repeat(head.length)}\n` + rows.map(line).join('');
}
