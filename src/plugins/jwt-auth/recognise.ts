import type { Credential } from '../plugin.js';
import { isTimely, type TimeClaim } from './claims.js';
import type { Prepared } from './credential.js';
import { readToken, type Claims } from './token.js';
import type { VerifiedTokens } from './verified.js';

/** Why a token tells nobody's request, in APISIX's words. */
export type Fault = 'JWT token invalid' | 'missing user key in JWT token' | 'Invalid user key in JWT token' | 'failed to verify jwt';

/** Whose a token is. */
export interface Recognised {
  readonly credential: Credential<Prepared>;
  readonly claims: Claims;
}

/** What tells whose tokens are. */
export interface Knowledge {
  readonly credentials: ReadonlyMap<string, Credential<Prepared>>;
  readonly verified: VerifiedTokens;
  /** The claim that names the credential. */
  readonly claim: string;
  /** Claims that a token must have. */
  readonly asked: readonly TimeClaim[];
}

/** Tells whose a token is, by the key and the algorithm of the consumer that it names; or why it is nobody's. */
export function recognise(text: string, { credentials, verified, claim, asked }: Knowledge): Recognised | Fault {
  const known = verified.get(text);
  const token = known ? undefined : readToken(text);
  const claims = known?.claims ?? token?.claims;
  if (!claims) return 'JWT token invalid';
  const key = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (key === undefined || key === null) return 'missing user key in JWT token';
  const credential = typeof key === 'string' ? credentials.get(key) : undefined;
  if (!credential?.data) return 'Invalid user key in JWT token';
  const { verifier, grace } = credential.data;
  if (known?.by !== verifier.id) {
    // known by another key, which the consumer had before
    const unverified = token ?? readToken(text);
    if (!unverified || !verifier.accepts(unverified)) return 'failed to verify jwt';
  }
  if (!isTimely(claims, asked, grace)) {
    verified.forget(text);
    return 'failed to verify jwt';
  }
  if (known?.by !== verifier.id) verified.add(text, { claims, by: verifier.id });
  return { credential, claims };
}
