/** Why the provider did not do what was asked, in a word: never what it sent, which may hold tokens. */
export function why(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown reason';
  const { code, error: name, cause } = error as Error & { readonly code?: unknown; readonly error?: unknown };
  // what Outbound says (`timeout`, ECONNREFUSED) is wrapped by the client
  if (cause instanceof Error && typeof code !== 'string') return why(cause);
  const text = [name, code, error.message].find((word) => typeof word === 'string' && /^[\w.-]{1,60}$/.test(word));
  return typeof text === 'string' ? text : error.name;
}
