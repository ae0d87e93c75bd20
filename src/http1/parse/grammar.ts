const TCHAR = table("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

function table(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < characters.length; i++) set[characters.charCodeAt(i)] = 1;
  return set;
}

/** Where the token (RFC 9110 section 5.6.2) that begins at `at` ends; `at` itself if there is none. */
export function tokenEnd(text: string, at: number): number {
  while (at < text.length && TCHAR[text.charCodeAt(at)] === 1) at++;
  return at;
}

/**
 * Where the run of field-value characters (RFC 9110 section 5.5: HTAB, SP, VCHAR, obs-text) that
 * begins at `at` ends. The reason phrase has the same grammar.
 */
export function valueEnd(text: string, at: number): number {
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if ((c < 32 && c !== 9) || c === 127) break;
  }
  return at;
}

/** Whether a pair could stand in a header or trailer section. */
export function isField(name: string, value: string): boolean {
  return name.length > 0 && tokenEnd(name, 0) === name.length && valueEnd(value, 0) === value.length;
}

/** The members of a comma-separated list, in lower case and trimmed; empty ones are left out. */
export function listMembers(value: string): string[] {
  return value.toLowerCase().split(',').map((member) => member.trim()).filter((member) => member !== '');
}

/** The number that a string of decimal digits spells, or -1: anything else, or above 2^53 - 1. */
export function decimal(digits: string): number {
  if (digits.length === 0 || digits.length > 16) return -1;
  let number = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number <= Number.MAX_SAFE_INTEGER ? number : -1;
}
