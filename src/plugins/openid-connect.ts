import { createHash } from 'node:crypto';
import { Outbound } from '../outbound/outbound.js';
import { bearerOf, challenge, judgesTokens, sentToken } from './openid-connect/bearer.js';
import { hideClaims, tellingUpstream } from './openid-connect/headers.js';
import { loginOf } from './openid-connect/login.js';
import { Provider, type Options } from './openid-connect/provider.js';
import { schema } from './openid-connect/schema.js';
import { plugin, type Binding, type Exchange, type Reply } from './plugin.js';

/** Requires a login with an OpenID provider, or an access token of it, as Apache APISIX's plugin of this name does. */
export const openidConnect = plugin({
  name: 'openid-connect',
  priority: 2599,
  authenticates: true,
  needs: 'network',
  schema,

  compile(options, binding) {
    checkOptions(options, binding);
    const provider = providerOf(options, binding);
    const judge = judgesTokens(options) ? bearerOf(options, provider, binding) : undefined;
    const login = options.bearer_only ? (): Reply => challenge(options) : loginOf(options, provider, binding);
    const tell = tellingUpstream(options);
    const twofold = challenge(options, 'invalid_request', 'several access tokens');

    const recognise = async (x: Exchange, token: string, accepts: NonNullable<typeof judge>): Promise<Reply | undefined> => {
      const judged = await accepts(x, token);
      if ('refusal' in judged) return judged.refusal;
      tell(x, { access: token, user: judged.claims });
      return undefined;
    };
    return {
      rewrite(x) {
        hideClaims(x);
        const token = judge ? sentToken(x) : undefined;
        if (token === false) return twofold;
        return judge && token !== undefined ? recognise(x, token, judge) : login(x);
      },
    };
  },
});

/** What no schema can tell. */
function checkOptions(options: Options, binding: Binding): void {
  const { bearer_only: only, session, client_secret: secret, use_pkce: pkce, public_key: key, use_jwks: published, discovery, introspection_endpoint: endpoint } = options;
  if (!only && !session) binding.reject([], 'a login needs `session.secret`, unless `bearer_only` is true');
  // a public client (RFC 6749, section 2.1) has none, and PKCE in its place: said so, since a secret may have been forgotten
  const isNeeded = only ? key === undefined && !published : pkce !== true;
  if (secret === undefined && isNeeded) binding.reject([], only ? 'to ask the provider about a token takes `client_secret`; without, `use_jwks: true` or `public_key` says how tokens are judged' : 'a login needs `client_secret`, or `use_pkce: true` for a public client');
  // such a configuration refuses everybody, which is no danger
  if (!isAddress(discovery)) binding.warn(['discovery'], 'this is no address, such as https://login.example/.well-known/openid-configuration: nobody gets in');
  if (endpoint !== undefined && !isAddress(endpoint)) binding.warn(['introspection_endpoint'], 'this is no address: nobody gets in');
}

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** What is known of the provider outlives edits that do not concern it, and all places with the same options share it. */
function providerOf(options: Options, binding: Binding): Provider {
  const { timeout, ssl_verify: verify } = options;
  const outbound = binding.share(JSON.stringify(['outbound', timeout, verify]), () => new Outbound({ timeout: timeout * 1000, verify, idle: { most: 5, timeout: 60_000 }, limit: 1024 * 1024 }));
  // a print, since the options hold secrets
  const print = createHash('sha256').update(JSON.stringify(options)).digest('hex');
  return binding.share(`provider ${print}`, () => new Provider(options, outbound));
}
