import { headerText, isReserved } from '../header-names.js';

/** A header that a plugin makes, as it goes over the wire: each byte a character, control characters percent-encoded. */
export function fieldOf(name: string, value: string): [name: string, value: string] {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new Error('a plugin made a header whose name no header has');
  if (isReserved(alike(name.toLowerCase()))) throw new Error(`a plugin made the header ${name}, which is the gateway's own`);
  return [name, headerText(value)];
}

/** Flat names and values without those of one name, in any spelling that servers take for it. */
export function without(flat: readonly string[], name: string): string[] {
  const wanted = alike(name);
  return flat.filter((_, i) => alike((flat[i - (i % 2)] ?? '').toLowerCase()) !== wanted);
}

/** Whether a client's header is not passed on because a plugin took it out or set its own; `removed` holds names as `alike` makes them. */
export function isRemoved(removed: ReadonlySet<string>, lower: string): boolean {
  return removed.has(alike(lower));
}

/** A header's name (lower case) as CGI, WSGI and PHP see it: `_`, `.` and `-` alike. */
export function alike(lower: string): string {
  return /[^a-z0-9-]/.test(lower) ? lower.replace(/[^a-z0-9]/g, '-') : lower;
}
