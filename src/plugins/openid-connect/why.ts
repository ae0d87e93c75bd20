/** What providers call their refusals (RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3.1; OpenID Connect Core, section 3.1.2.6). */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope', 'access_denied', 'unsupported_response_type', 'server_error',
  'temporarily_unavailable', 'invalid_token', 'insufficient_scope', 'interaction_required', 'login_required', 'account_selection_required', 'consent_required',
  'invalid_request_uri', 'invalid_request_object', 'request_not_supported', 'request_uri_not_supported', 'registration_not_supported', 'slow_down', 'invalid_target',
]);

/** Why the provider did not do what was asked, in a word: never what it sent, which may hold tokens. */
export function why(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown reason';
  const { code, error: name, cause } = error as Error & { readonly code?: unknown; readonly error?: unknown };
  // what Outbound says (`timeout`, ECONNREFUSED) is wrapped by the client
  if (cause instanceof Error && typeof code !== 'string') return why(cause);
  // in other words of a provider may be what it was sent
  if (typeof name === 'string' && REFUSALS.has(name)) return name;
  const text = [code, name === undefined ? error.message : undefined].find((word) => typeof word === 'string' && /^[\w.-]{1,60}$/.test(word));
  return typeof text === 'string' ? text : error.name;
}
