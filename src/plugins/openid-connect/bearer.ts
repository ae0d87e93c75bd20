import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Binding, Exchange, Reply } from '../plugin.js';
import type { Claims, Options, Provider } from './provider.js';
import { why } from './why.js';

/** The access token that a request brings; false when it brings several. */
export function sentToken(x: Exchange): string | undefined | false {
  const found = x.headerValues('x-access-token').map((value) => value.trim());
  for (const value of x.headerValues('authorization')) {
    const [, token] = /^bearer +(.+)$/i.exec(value) ?? [];
    if (token !== undefined) found.push(token.trim());
  }
  const [first, ...others] = found;
  return others.every((token) => token === first) ? first : false;
}

/** Whether access tokens are judged, besides logins. */
export const judgesTokens = ({ bearer_only: only, introspection_endpoint: endpoint, use_jwks: keys, public_key: key }: Options): boolean => only || endpoint !== undefined || keys || key !== undefined;

/** A token that was accepted, or the answer to one that was not. */
export type Judged = { readonly claims: Claims } | { readonly refusal: Reply };

/** Compiles what judges access tokens: by the provider's word, or by its keys. */
export function bearerOf(options: Options, provider: Provider, binding: Binding): (x: Exchange, token: string) => Promise<Judged> {
  const { use_jwks: published, public_key: pem, introspection_addon_headers: added = [], claim_validator: { audience }, required_scopes: scopes, client_id: id } = options;
  const key = pem === undefined ? undefined : keyOf(pem, binding);
  const invalid: Judged = { refusal: challenge(options, 'invalid_token', 'the access token is not valid') };
  const ask = async (x: Exchange, token: string): Promise<Claims | undefined> => {
    if (key || published || pem !== undefined) return provider.verify(token, key);
    return provider.introspect(token, added.flatMap((name) => x.headerValues(name.toLowerCase()).flatMap((value) => [name, value])));
  };
  return async (x, token) => {
    let claims: Claims | undefined;
    try {
      claims = await ask(x, token);
    } catch (error) {
      // who sends bad tokens fills no log; a lost provider is told of
      if (isLoss(error)) binding.tell(`access tokens cannot be judged: ${why(error)}`);
      return invalid;
    }
    if (!claims) return invalid;
    const refusal = audienceFault(claims, audience, id) ?? scopeFault(claims, scopes);
    return refusal ? { refusal } : { claims };
  };
}

/** The answer to a request without an access token, or with one that is not valid. */
export function challenge({ realm }: Options, error?: string, description?: string): Reply {
  const more = error === undefined ? '' : `, error="${error}", error_description="${description ?? ''}"`;
  return { status: 401, headers: ['WWW-Authenticate', `Bearer realm="${realm}"${more}`] };
}

function keyOf(pem: string, binding: Binding): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    binding.reject(['public_key'], 'this is no public key in PEM (`-----BEGIN PUBLIC KEY-----`)');
    return undefined;
  }
}

/** Errors that are about the way to the provider, and not about a token. */
const isLoss = (error: unknown): boolean => !(error instanceof Error && 'code' in error && typeof error.code === 'string' && /^ERR_J/.test(error.code));

function audienceFault(claims: Claims, { claim, required, match_with_client_id: matches }: NonNullable<Options['claim_validator']['audience']>, id: string): Reply | undefined {
  const value = claims[claim];
  if (value === undefined) return required || matches ? { status: 403, body: { error: 'required audience claim not present' } } : undefined;
  if (!matches) return undefined;
  return value === id || (Array.isArray(value) && value.includes(id)) ? undefined : { status: 403, body: { error: 'mismatched audience' } };
}

/** What is missing of the scopes that are asked for, as an answer. */
export function scopeFault({ scope }: Claims, required: readonly string[] | undefined): Reply | undefined {
  if (!required) return undefined;
  const has = new Set(Array.isArray(scope) ? scope : String(scope ?? '').split(' '));
  return required.every((name) => has.has(name)) ? undefined : { status: 403, body: { error: `required scopes ${required.join(', ')} not present` } };
}
