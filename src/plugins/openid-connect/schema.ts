const text = { type: 'string', minLength: 1 } as const;
const secret = { type: 'string', minLength: 1, 'x-secret': true } as const;
const authMethod = { enum: ['client_secret_basic', 'client_secret_post'], default: 'client_secret_basic' } as const;

/** Algorithms with a key pair: none that could take a public key for a shared secret. */
export const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const issuer = {
  description: 'Who may issue tokens.', type: 'object', additionalProperties: false,
  properties: { valid_issuers: { description: 'The issuers that are trusted; the one that the provider names itself, unless given.', type: 'array', items: text, minItems: 1, examples: [['https://login.example']] } },
} as const;

const audience = {
  description: 'Whom tokens are for.', type: 'object', additionalProperties: false, default: {},
  properties: {
    claim: { description: 'The claim that says so.', ...text, default: 'aud' },
    required: { description: 'true refuses tokens without it.', type: 'boolean', default: false },
    match_with_client_id: { description: 'true refuses tokens that are not for `client_id`.', type: 'boolean', default: false },
  },
} as const;

const session = {
  description: 'How a login is remembered: in a cookie that is encrypted.', type: 'object', additionalProperties: false, required: ['secret'], 'x-unsupported': ['storage', 'redis', 'absolute_timeout', 'idling_timeout', 'rolling_timeout'],
  properties: {
    secret: { description: 'What cookies are encrypted with; the same in all gateways that serve the same clients.', ...secret, minLength: 16, examples: ['$env://SESSION_SECRET'] },
    cookie: {
      description: 'How long it lasts.', type: 'object', additionalProperties: false, default: {},
      properties: { lifetime: { description: 'Seconds from the login, or the last renewal of the tokens.', type: 'integer', minimum: 1, maximum: 31_536_000, default: 3600 } },
    },
    cookie_name: { description: 'The name of the cookie; larger ones are split over several with a number behind it.', type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', default: 'session' },
    cookie_path: { description: 'The path below which it is sent.', type: 'string', pattern: '^/[!-:<-~]*$', default: '/' },
    cookie_domain: { description: 'The domain whose hosts get it; without, the host alone.', type: 'string', pattern: '^[A-Za-z0-9.-]+$', examples: ['example.com'] },
    cookie_same_site: { description: 'Whether it is sent with requests that come from other sites; `Strict` breaks the way back from the provider.', enum: ['Lax', 'Strict', 'None'], default: 'Lax' },
    cookie_secure: { description: 'Whether it is sent over TLS alone; true where the login came over TLS, unless given.', type: 'boolean' },
    cookie_http_only: { description: 'Whether scripts of a page cannot read it.', type: 'boolean', default: true },
  },
} as const;

const bearer = {
  bearer_only: { description: 'true accepts requests with an access token alone, and never sends anybody to the provider.', type: 'boolean', default: false },
  introspection_endpoint: { description: 'Where the provider is asked about access tokens; the one that it names itself, unless given.', ...text, examples: ['https://login.example/introspect'] },
  introspection_endpoint_auth_method: { description: 'How the gateway identifies itself there.', ...authMethod },
  introspection_addon_headers: { description: 'Headers of the client that are sent along.', type: 'array', items: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, minItems: 1, examples: [['X-Request-Id']] },
  use_jwks: { description: 'true checks access tokens by the keys that the provider publishes.', type: 'boolean', default: false },
  public_key: { description: 'The key to check access tokens with, in PEM form.', ...text, examples: ['-----BEGIN PUBLIC KEY-----\n…'] },
  token_signing_alg_values_expected: { description: 'The algorithm that access tokens are signed with; any of the safe ones, unless given.', enum: ALGORITHMS },
  iat_slack: { description: 'Seconds by which clocks may differ.', type: 'integer', minimum: 0, maximum: 600, default: 120 },
  claim_validator: { description: 'What claims of access tokens must say.', type: 'object', additionalProperties: false, default: {}, properties: { issuer, audience } },
  required_scopes: { description: 'Scopes that an access token must have; without them: 403.', type: 'array', items: text, minItems: 1, examples: [['orders']] },
} as const;

const login = {
  unauth_action: { description: 'What becomes of who has not logged in: `auth` sends them to the provider, `deny` answers 401, `pass` lets them through without a name.', enum: ['auth', 'deny', 'pass'], default: 'auth' },
  redirect_uri: { description: 'Where the provider sends clients back to, an address or a path; the address of the request with `/.apisix/redirect` behind it, unless given. No request for it reaches the upstream.', ...text, examples: ['https://shop.example/callback'] },
  logout_path: { description: 'The path that logs out.', ...text, default: '/logout' },
  post_logout_redirect_uri: { description: 'Where clients go after that.', ...text, examples: ['https://shop.example/'] },
  scope: { description: 'What is asked for.', ...text, default: 'openid', examples: ['openid profile'] },
  authorization_params: { description: 'What is sent along to the provider\'s login page.', type: 'object', additionalProperties: { type: 'string' }, examples: [{ prompt: 'login' }] },
  use_pkce: { description: 'Whether a code is worth nothing to who intercepts it (RFC 7636); true, unless given. Said so, it takes the place of `client_secret`.', type: 'boolean' },
  use_nonce: { description: 'Whether an ID token must be of this very login.', type: 'boolean', default: true },
  token_endpoint_auth_method: { description: 'How the gateway identifies itself for tokens.', ...authMethod },
  renew_access_token_on_expiry: { description: 'Whether an access token that expires is renewed, as far as the provider gave a refresh token.', type: 'boolean', default: true },
  session,
} as const;

const told = {
  set_access_token_header: { description: 'Whether the upstream gets the access token, in X-Access-Token.', type: 'boolean', default: true },
  access_token_in_authorization_header: { description: 'true sends it in Authorization instead.', type: 'boolean', default: false },
  set_id_token_header: { description: 'Whether the upstream gets the claims of the ID token, as JSON in Base64, in X-ID-Token.', type: 'boolean', default: true },
  set_userinfo_header: { description: 'Whether the upstream gets what is known of the user, as JSON in Base64, in X-Userinfo.', type: 'boolean', default: true },
  set_refresh_token_header: { description: 'Whether the upstream gets the refresh token, in X-Refresh-Token.', type: 'boolean', default: false },
} as const;

/** The options of openid-connect. */
export const schema = {
  description: 'Requires a login with an OpenID provider, or an access token of it.',
  type: 'object',
  properties: {
    client_id: { description: 'What the provider knows the gateway by.', ...text, examples: ['gateway'] },
    client_secret: { description: 'The secret that goes with it.', ...secret, examples: ['$env://CLIENT_SECRET'] },
    discovery: { description: 'Where the provider describes itself.', ...text, examples: ['https://login.example/.well-known/openid-configuration'] },
    realm: { description: 'The realm in WWW-Authenticate.', type: 'string', pattern: '^[ !#-\\[\\]-~]*$', default: 'apisix' },
    ssl_verify: { description: 'Whether the provider\'s certificate must be valid.', type: 'boolean', default: true },
    timeout: { description: 'Seconds to wait for the provider, each time that it is asked.', type: 'integer', minimum: 1, maximum: 60, default: 3 },
    ...bearer, ...login, ...told,
  },
  required: ['client_id', 'discovery'],
  additionalProperties: false,
  // not `par`: what is near to so short a word would be shown in messages, such as what stands under `pat`
  'x-unsupported': [
    'client_rsa_private_key', 'client_rsa_private_key_id', 'client_jwt_assertion_alg', 'client_jwt_assertion_audience', 'client_jwt_assertion_expires_in', 'dpop', 'proxy_opts',
    'session_contents', 'refresh_session_interval', 'force_reauthorize', 'access_token_expires_in', 'access_token_expires_leeway', 'revoke_tokens_on_logout', 'set_raw_id_token_header',
    'introspection_interval', 'introspection_expiry_claim', 'jwt_verification_cache_ignore', 'cache_segment', 'jwk_expires_in', 'accept_none_alg', 'accept_unsupported_alg', 'claim_schema',
  ],
} as const;
