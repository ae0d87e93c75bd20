import type { Claims } from './token.js';

/** A claim about time. */
export type TimeClaim = 'exp' | 'nbf';

/**
 * Whether a token is valid now (RFC 7519, section 4.1), give or take some seconds. Claims that are asked for must be there,
 * and then others do not count; where none is, what is there counts.
 */
export function isTimely(claims: Claims, asked: readonly TimeClaim[], grace: number): boolean {
  const now = Date.now() / 1000;
  if (asked.length === 0) return (claims['exp'] === undefined || holds('exp', claims, now, grace)) && (claims['nbf'] === undefined || holds('nbf', claims, now, grace));
  return asked.every((name) => holds(name, claims, now, grace));
}

function holds(name: TimeClaim, claims: Claims, now: number, grace: number): boolean {
  const value = claims[name];
  if (typeof value !== 'number') return false;
  return name === 'exp' ? now < value + grace : now >= value - grace;
}
