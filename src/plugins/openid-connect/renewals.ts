import type { Tokens } from './provider.js';

/** Milliseconds for which what a renewal brought is kept, and how many are. */
const KEPT_MS = 10_000;
const MOST = 1000;

/**
 * Renewals of tokens, each once for all who ask: together, or a moment later, since a browser sends requests before it
 * has the answer that brings its new tokens. Some providers take a refresh token once, and end the login when it comes again.
 */
export class Renewals {
  readonly #known = new Map<string, { readonly tokens: Promise<Tokens>; until: number }>();

  constructor(private readonly renew: (refresh: string) => Promise<Tokens>) {}

  once(refresh: string): Promise<Tokens> {
    this.#forget();
    const known = this.#known.get(refresh);
    if (known && known.until > Date.now()) return known.tokens;
    const tokens = this.renew(refresh);
    const renewal = { tokens, until: Infinity };
    this.#known.delete(refresh);
    this.#known.set(refresh, renewal);
    tokens.then(
      ({ expires = Infinity }) => { renewal.until = Math.min(Date.now() + KEPT_MS, expires * 1000); },
      // the next one asks again
      () => { renewal.until = 0; },
    );
    return tokens;
  }

  /** The oldest first. */
  #forget(): void {
    for (const [refresh, { until }] of this.#known) {
      if (until > Date.now() && this.#known.size < MOST) return;
      this.#known.delete(refresh);
    }
  }
}
