/**
 * Where the entry begins that stands at the start of a line, behind spaces: what a parser misses there is mostly nothing but
 * the right column.
 */
export function indentedEntryAt(text: string, offset: number): number | undefined {
  if (offset > 0 && text.charAt(offset - 1) !== '\n') return undefined;
  const [entry, indent = ''] = /^( +)(?:- |["']?[\w.-]+["']?:(?=\s))/.exec(text.slice(offset, offset + 500)) ?? [];
  return entry === undefined ? undefined : offset + indent.length;
}

/**
 * Where the line below an offset starts, if it stands further right than the entry of the offset's line: what follows an
 * entry whose value is there already cannot be part of it.
 */
export function deeperLineBelow(text: string, offset: number): number | undefined {
  const start = lineStart(text, offset);
  const end = text.indexOf('\n', offset);
  if (end < 0) return undefined;
  const column = /^[ ]*(?:- +)*/.exec(text.slice(start, offset))?.[0].length ?? 0;
  const [indent = ''] = /^ */.exec(text.slice(end + 1, end + 1000)) ?? [];
  const first = text.charAt(end + 1 + indent.length);
  return indent.length > column && /[^\s#]/.test(first) ? end + 1 + indent.length : undefined;
}

/** Where the next text begins that is neither blank nor a comment. */
export function nextText(text: string, offset: number): number {
  const [skipped = ''] = /^(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*/.exec(text.slice(offset)) ?? [];
  return offset + skipped.length >= text.length ? offset : offset + skipped.length;
}

/** Where the dash stands that starts the line of an offset, if one does. */
export function dashAt(text: string, offset: number): number | undefined {
  const start = lineStart(text, offset);
  const [found, indent = ''] = /^( *)-(?= )/.exec(text.slice(start, start + 1000)) ?? [];
  return found === undefined ? undefined : start + indent.length;
}

/** Behind how many spaces entries start that a line at an offset may continue; of lists if it starts with a dash. */
export function openColumns(text: string, offset: number): readonly number[] {
  const ofLists = /^- /.test(text.slice(offset, offset + 2));
  const columns: number[] = [];
  let least = Infinity;
  for (let end = lineStart(text, offset) - 1, lines = 0; end >= 0 && least > 0 && lines < MOST_LINES; end = lineStart(text, end) - 1, lines++) {
    const [, indent = '', dashes = '', first = ''] = /^( *)((?:- +)*)(\S?)/.exec(text.slice(lineStart(text, end), end)) ?? [];
    if (first === '' || first === '#') continue;
    const key = indent.length + dashes.length;
    if (key < least && !ofLists) columns.push(key);
    if (dashes !== '' && indent.length < least && ofLists) columns.push(indent.length);
    least = Math.min(least, indent.length, key);
  }
  return columns;
}

/** More lines than this no entry is looked for. */
const MOST_LINES = 2000;

/** Whether a list's entry stands above an offset within the block at the top that it stands in. */
export function listAbove(text: string, offset: number): boolean {
  const above = text.slice(0, lineStart(text, offset));
  let top = 0;
  for (const { index } of above.matchAll(/^[^\s#-]/gm)) top = index;
  return /^ *- /m.test(above.slice(top));
}

/** How far a line must be moved, in words. */
export function spacesHint(text: string, offset: number): string {
  const columns = openColumns(text, offset);
  const here = offset - lineStart(text, offset);
  const what = /^- /.test(text.slice(offset, offset + 2)) ? 'one list' : 'one mapping';
  const start = `entries of ${what} start in the same column`;
  const near = [Math.max(...columns.filter((column) => column < here)), Math.min(...columns.filter((column) => column > here))].filter(Number.isFinite);
  if (near.length === 0 || columns.includes(here)) return start;
  return `${start}: ${near.map(spaces).join(' or ')} stand before those above, and ${spaces(here)} here`;
}

const spaces = (count: number): string => (count === 0 ? 'no spaces' : count === 1 ? '1 space' : `${count} spaces`);

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
