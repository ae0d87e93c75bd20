import type { Exchange } from '../plugin.js';
import { SealedCookie } from './cookies.js';
import type { Options, Pending } from './provider.js';

/** A login that is under way in a browser. */
export interface Login extends Pending {
  /** The path that the client asked for. */
  readonly target: string;
  /** When it began, in seconds since 1970. */
  readonly began: number;
}

/** Seconds that a login may take, and how many a browser may have under way: one in each of some tabs. */
const LIFETIME = 600;
const MOST = 4;

/** Logins under way, which a browser keeps. */
export class PendingLogins {
  readonly #cookie: SealedCookie;

  constructor(session: NonNullable<Options['session']>, purpose: string) {
    // the way back comes from another site, which Strict would keep it from
    const site = session.cookie_same_site === 'Strict' ? 'Lax' : session.cookie_same_site;
    this.#cookie = new SealedCookie(`${session.cookie_name}_login`, LIFETIME, { ...session, cookie_same_site: site, cookie_http_only: true }, `login ${purpose}`);
  }

  find(x: Exchange, state: string): Login | undefined {
    return this.#read(x).find((login) => login.state === state);
  }

  add(x: Exchange, login: Login): string[] {
    return this.#cookie.write(x, [...this.#read(x), login].slice(-MOST)) ?? [];
  }

  remove(x: Exchange, state: string): string[] {
    const left = this.#read(x).filter((login) => login.state !== state);
    return left.length === 0 ? this.#cookie.clear(x) : this.#cookie.write(x, left) ?? [];
  }

  #read(x: Exchange): readonly Login[] {
    const now = Date.now() / 1000;
    // sealed, so that it is what was written
    return ((this.#cookie.read(x) ?? []) as readonly Login[]).filter(({ began }) => now - began < LIFETIME);
  }
}
