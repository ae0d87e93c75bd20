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
