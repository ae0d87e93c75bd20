/** What tells whether it is found in a text. */
export interface Pattern {
  test(text: string): boolean;
}

/** Compiles a regular expression; or tells why it is refused. */
export function compilePattern(text: string, flags: string): Pattern | { readonly message: string; readonly hint?: string } {
  try {
    return new RegExp(text, flags);
  } catch {
    return { message: 'it is not well formed' };
  }
}
