import type { Binding, Exchange } from '../plugin.js';
import { SealedCookie } from './cookies.js';
import type { Claims, Options, Provider, Tokens } from './provider.js';
import { why } from './why.js';

/** Who has logged in, as their browser keeps it. */
export interface Session {
  readonly tokens: Tokens;
  readonly user: Claims | undefined;
  /** When it ends, in seconds since 1970. */
  readonly ends: number;
}

/** What a session came to: it holds, it was renewed and is to be kept anew, or there is none. */
export interface Found {
  readonly session: Session | undefined;
  readonly cookies: readonly string[];
}

const NONE: Found = { session: undefined, cookies: [] };

/** Sessions, each kept by the browser that logged in. */
export class Sessions {
  readonly #cookie: SealedCookie;
  readonly #lifetime: number;

  constructor(options: Options, session: NonNullable<Options['session']>, private readonly provider: Provider, private readonly binding: Binding, purpose: string) {
    this.#lifetime = session.cookie.lifetime;
    this.#cookie = new SealedCookie(session.cookie_name, this.#lifetime, session, `session ${purpose}`);
    this.renews = options.renew_access_token_on_expiry;
  }

  private readonly renews: boolean;

  /** The session of a request: at once, unless its tokens must be renewed. */
  find(x: Exchange): Found | Promise<Found> {
    const session = this.#cookie.read(x) as Session | undefined;
    const now = Date.now() / 1000;
    if (!session || session.ends <= now) return NONE;
    const { expires, refresh } = session.tokens;
    if (!this.renews || expires === undefined || expires > now) return { session, cookies: [] };
    return refresh === undefined ? NONE : this.#renew(x, session, refresh);
  }

  /** Keeps who has logged in; undefined when it is too large to be kept. */
  keep(x: Exchange, tokens: Tokens, user: Claims | undefined): string[] | undefined {
    return this.#cookie.write(x, this.#sessionOf(tokens, user));
  }

  clear(x: Exchange): string[] {
    return this.#cookie.clear(x);
  }

  /** Whose session it is, however old. */
  peek(x: Exchange): Session | undefined {
    return this.#cookie.read(x) as Session | undefined;
  }

  #sessionOf(tokens: Tokens, user: Claims | undefined): Session {
    return { tokens, user, ends: Math.floor(Date.now() / 1000) + this.#lifetime };
  }

  async #renew(x: Exchange, { tokens: old, user }: Session, refresh: string): Promise<Found> {
    try {
      const fresh = await this.provider.renewals.once(refresh);
      const tokens = { ...fresh, id: fresh.id ?? old.id, claims: fresh.claims ?? old.claims };
      const cookies = this.keep(x, tokens, user);
      return cookies ? { session: this.#sessionOf(tokens, user), cookies } : NONE;
    } catch (error) {
      this.binding.tell(`a session cannot be renewed: ${why(error)}`);
      return NONE;
    }
  }
}
