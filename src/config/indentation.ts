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
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  if (end < 0) return undefined;
  const column = /^[ ]*(?:- +)*/.exec(text.slice(start, offset))?.[0].length ?? 0;
  const [indent = ''] = /^ */.exec(text.slice(end + 1, end + 1000)) ?? [];
  const first = text.charAt(end + 1 + indent.length);
  return indent.length > column && /[^\s#]/.test(first) ? end + 1 + indent.length : undefined;
}
