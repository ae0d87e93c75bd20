import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import { isReserved } from '../header-names.js';
import { plugin, type Exchange, type Reply } from './plugin.js';

/** Lets requests that change something through only with a token that pages of other origins cannot read, as Apache APISIX's plugin of this name does. */
export const csrf = plugin({
  name: 'csrf',
  priority: 2980,
  schema: {
    description: 'Demands of every request but GET, HEAD and OPTIONS that its header carries the same signed token as its cookie. Every answer sets such a cookie.',
    type: 'object',
    properties: {
      key: { description: 'The secret that tokens are signed with.', type: 'string', minLength: 1, 'x-secret': true, examples: ['$env://CSRF_KEY'] },
      expires: { description: 'Seconds for which a token is good; 0 for ever.', type: 'integer', default: 7200 },
      name: { description: 'The name of the cookie and of the header.', type: 'string', minLength: 1, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", default: 'apisix-csrf-token' },
    },
    required: ['key'],
    additionalProperties: false,
  },

  compile({ key, expires, name }, binding) {
    const header = name.toLowerCase();
    if (isReserved(header) || header === 'cookie') binding.reject(['name'], `the header ${header} cannot carry a token: it has a meaning of its own`);
    return {
      access: (x) => (SAFE.has(x.method) ? undefined : check(x, header, name, key, expires)),
      headerFilter(_, head) {
        const now = Date.now();
        head.headers.push('Set-Cookie', `${name}=${makeToken(key, Math.trunc(now / 1000))};path=/;SameSite=Lax${untilOf(now, expires)}`);
      },
    };
  },
});

/** The attribute of a cookie that ends with its token; one that is good for ever stays as long as the browser does. */
function untilOf(now: number, expires: number): string {
  return expires > 0 ? `;Expires=${new Date(Math.min(now + expires * 1000, LATEST)).toUTCString()}` : '';
}

/** No browser reads a year of five digits. */
const LATEST = Date.UTC(9999, 0);

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const refusal = (message: string): Reply => ({ status: 401, body: { error_msg: message } });
const NO_HEADER = refusal('no csrf token in headers');
const NO_COOKIE = refusal('no csrf cookie');
const MISMATCH = refusal('csrf token mismatch');
const INVALID = refusal('Failed to verify the csrf token signature');

function check(x: Exchange, header: string, name: string, key: string, expires: number): Reply | undefined {
  const [token, ...more] = x.headerValues(header);
  if (token === undefined) return NO_HEADER;
  const cookie = x.cookie(name);
  if (cookie === undefined) return NO_COOKIE;
  if (token !== cookie || more.length > 0) return MISMATCH;
  return isValid(token, key, expires) ? undefined : INVALID;
}

/** A token as Apache APISIX makes it; its `expires` is the time at which it was made, in seconds since 1970. */
function makeToken(key: string, madeAt: number): string {
  const random = randomInt(1e14) / 1e14;
  return Buffer.from(JSON.stringify({ random, sign: sign(random, madeAt, key), expires: madeAt })).toString('base64');
}

function isValid(token: string, key: string, expires: number): boolean {
  const { random, sign: signed, expires: madeAt } = contentOf(token);
  // as texts they could be put together in another way, and be signed alike
  if (typeof random !== 'number' || typeof madeAt !== 'number' || typeof signed !== 'string') return false;
  if (expires > 0 && Date.now() / 1000 - madeAt > expires) return false;
  const expected = Buffer.from(sign(random, madeAt, key));
  const given = Buffer.from(signed);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const sign = (random: number, madeAt: number, key: string): string => hash('sha256', `{expires:${madeAt},random:${random},key:${key}}`, 'hex');

function contentOf(token: string): { readonly random?: unknown; readonly sign?: unknown; readonly expires?: unknown } {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    // of a token that nobody here made nothing is true
    return {};
  }
}
