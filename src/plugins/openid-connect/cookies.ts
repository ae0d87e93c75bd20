import type { Exchange } from '../plugin.js';
import type { Options } from './provider.js';
import { Sealer } from './sealed.js';

/** Characters of a cookie that browsers keep, its name and attributes aside; and the most cookies that one value is split over. */
const PIECE = 3600;
const PIECES = 4;

/** Cookies of one name that are looked at. */
const LOOKED_AT = 4;

/** A value that a client keeps for the gateway, which it can neither read nor change. */
export class SealedCookie {
  readonly #sealer: Sealer;

  constructor(private readonly name: string, private readonly lifetime: number, private readonly options: NonNullable<Options['session']>, purpose: string) {
    this.#sealer = new Sealer(options.secret, purpose);
  }

  /** Of several with the name, which a host beside this one may have set, the first that was sealed here. */
  read(x: Exchange): unknown {
    for (const first of x.cookieValues(this.name).slice(0, LOOKED_AT)) {
      const value = this.#sealer.open(this.#whole(x, first));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** What follows a piece that is not full is none of this value's: a leftover, or another's cookie. */
  #whole(x: Exchange, first: string): string {
    let text = first;
    for (let i = 1; i < PIECES && text.length === i * PIECE; i++) text += x.cookie(this.#nameOf(i)) ?? '';
    return text;
  }

  /** Values of Set-Cookie which keep it; undefined when it is too large to be kept. */
  write(x: Exchange, value: object): string[] | undefined {
    const text = this.#sealer.seal(value);
    const count = Math.ceil(text.length / PIECE);
    if (count > PIECES) return undefined;
    const kept = Array.from({ length: count }, (_, i) => this.#line(x, i, text.slice(i * PIECE, (i + 1) * PIECE), this.lifetime));
    return [...kept, ...this.#leftovers(x, count)];
  }

  /** Values of Set-Cookie which remove it. */
  clear(x: Exchange): string[] {
    return this.#leftovers(x, 0);
  }

  #leftovers(x: Exchange, from: number): string[] {
    return Array.from({ length: PIECES - from }, (_, i) => from + i).filter((i) => x.cookie(this.#nameOf(i)) !== undefined).map((i) => this.#line(x, i, '', 0));
  }

  #line(x: Exchange, index: number, value: string, seconds: number): string {
    const { cookie_path: path, cookie_domain: domain, cookie_same_site: site, cookie_secure: secure = x.scheme === 'https', cookie_http_only: hidden } = this.options;
    const attributes = [`Path=${path}`, `Max-Age=${seconds}`, `SameSite=${site}`, ...(domain === undefined ? [] : [`Domain=${domain}`]), ...(secure || site === 'None' ? ['Secure'] : []), ...(hidden ? ['HttpOnly'] : [])];
    return [`${this.#nameOf(index)}=${value}`, ...attributes].join('; ');
  }

  #nameOf(index: number): string {
    return index === 0 ? this.name : `${this.name}_${index}`;
  }
}

/** Set-Cookie lines as headers of a reply. */
export const asHeaders = (lines: readonly string[]): string[] => lines.flatMap((line) => ['Set-Cookie', line]);
