import type { Claims } from './token.js';

/** How many characters of tokens are kept. */
const MOST = 4 * 1024 * 1024;

/** A token and the verifier that accepted it. */
interface Verified {
  readonly claims: Claims;
  /** The verifier's id. */
  readonly by: string;
}

/**
 * Tokens whose signatures were verified, the oldest forgotten first. That a key made a signature stays true whatever is
 * configured; whether it is still the consumer's key, and whether the token has expired, is asked at each request.
 */
export class VerifiedTokens {
  readonly #tokens = new Map<string, Verified>();
  #size = 0;

  get(text: string): Verified | undefined {
    return this.#tokens.get(text);
  }

  add(text: string, token: Verified): void {
    if (!this.#tokens.has(text)) this.#size += text.length;
    this.#tokens.set(text, token);
    for (const oldest of this.#tokens.keys()) {
      if (this.#size <= MOST) return;
      this.forget(oldest);
    }
  }

  forget(text: string): void {
    if (this.#tokens.delete(text)) this.#size -= text.length;
  }
}
