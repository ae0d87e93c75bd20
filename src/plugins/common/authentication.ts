import { isReserved } from '../../header-names.js';
import type { Binding, Exchange, Reply } from '../plugin.js';

/** Schema of the option `hide_credentials`. */
export const hideCredentials = { description: 'true hides the credential from the upstream.', type: 'boolean', default: false } as const;

/** Schema of the option `anonymous_consumer`. */
export const anonymousConsumer = { description: 'The consumer that a request without a valid credential counts as.', examples: ['guest'], type: 'string', minLength: 1 } as const;

/** Schema of an option that names a header. */
export const headerName = { type: 'string', minLength: 1, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } as const;

/** Schema of the option `realm`. */
export function realm(byDefault: string) {
  return { description: 'The realm in WWW-Authenticate.', type: 'string', minLength: 1, maxLength: 128, pattern: '^[ !#-\\[\\]-~]+$', default: byDefault } as const;
}

/** A 401 with a challenge: `Basic realm="basic"`. */
export function refusal(message: string, challenge: string): Reply {
  return { status: 401, body: { message }, headers: ['WWW-Authenticate', challenge] };
}

/** The name of a header that carries a credential, in lower case; one that cannot is refused. */
export function credentialHeader(header: string, binding: Pick<Binding, 'reject'>): string {
  const name = header.toLowerCase();
  if (isReserved(name)) binding.reject(['header'], `the header ${name} cannot carry a credential: it has a meaning of its own`);
  return name;
}

/** What becomes of a request without a valid credential: refused with this message, or the anonymous consumer's. */
export type Refuse = (x: Exchange, message: string) => Reply | undefined;

/** Refuses all; what it says is made when it is said: of thousands of routes none has replies of its own. */
const refuseAll = (challenge: string): Refuse => (_x, message) => refusal(message, challenge);

/** What `anonymous_consumer` makes of requests without a valid credential; `hide` takes from them what they tried. */
export function refuseOrAttach(name: string | undefined, challenge: string, binding: Pick<Binding, 'consumer' | 'warnOfMissingConsumer'>, hide: (x: Exchange) => void): Refuse {
  if (name === undefined) return refuseAll(challenge);
  const consumer = binding.consumer(name);
  if (!consumer) {
    binding.warnOfMissingConsumer(['anonymous_consumer'], name, 'requests without a valid credential get 401');
    return () => refusal('Invalid user authorization', challenge);
  }
  const anonymous = { consumer };
  return (x) => {
    hide(x);
    x.attach(anonymous);
    return undefined;
  };
}
