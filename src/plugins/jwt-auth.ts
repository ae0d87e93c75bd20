import { credentialSchema, prepare } from './jwt-auth/credential.js';
import { recognise } from './jwt-auth/recognise.js';
import { hideAll, hideToken, sentToken } from './jwt-auth/sent.js';
import { VerifiedTokens } from './jwt-auth/verified.js';
import { authPlugin, type CredentialKey } from './plugin.js';
import { anonymousConsumer, credentialHeader, headerName, hideCredentials, realm, refuseOrAttach } from './common/authentication.js';
import { CLAIMS } from './common/claims.js';

const TIMES = ['exp', 'nbf'] as const;
const name = { type: 'string', minLength: 1 } as const;

/** Recognises a consumer by a JSON Web Token (RFC 7519), as Apache APISIX's plugin of this name does. */
export const jwtAuth = authPlugin({
  name: 'jwt-auth',
  priority: 2510,
  schema: {
    description: 'Requires a JSON Web Token.',
    type: 'object',
    properties: {
      header: { description: 'The header that carries the token, with or without `Bearer`; looked at first.', ...headerName, default: 'authorization' },
      query: { description: 'The query argument that carries the token, when the header is not there.', ...name, default: 'jwt' },
      cookie: { description: 'The cookie that carries the token, when neither is there.', ...name, default: 'jwt' },
      hide_credentials: hideCredentials,
      key_claim_name: { description: 'The claim that tells whose token it is: the consumer\'s `key`.', ...name, default: 'key' },
      store_in_ctx: { description: 'true lets other plugins read the claims of the token.', type: 'boolean', default: false },
      claims_to_verify: { description: 'Claims that the token must have, and that must hold. Without any, `exp` and `nbf` must hold where the token has them.', examples: [['exp']], type: 'array', items: { enum: TIMES }, uniqueItems: true },
      realm: realm('jwt'),
      anonymous_consumer: anonymousConsumer,
    },
    additionalProperties: false,
  },
  credentialSchema,
  credentialKeys: ({ key }): CredentialKey[] => [{ path: ['key'], key }],
  prepare,
  loosens: ({ claims_to_verify: before = [] }, { claims_to_verify: after = [] }) => (before.length > 0 ? before : TIMES).some((claim) => after.length > 0 && !after.includes(claim)) || (before.length > 0 && after.length === 0),

  compile({ hide_credentials: hide, key_claim_name: claim, store_in_ctx: stores, claims_to_verify: asked = [], ...options }, binding) {
    const challenge = `Bearer realm="${options.realm}"`;
    const places = { header: credentialHeader(options.header, binding), query: options.query, cookie: options.cookie };
    const refuse = refuseOrAttach(options.anonymous_consumer, challenge, binding, (x) => void (hide && hideAll(x, places)));
    const knowledge = { credentials: binding.credentials, verified: binding.share('verified', () => new VerifiedTokens()), claim, asked };

    return {
      rewrite(x) {
        const token = sentToken(x, places);
        if (token === undefined) return refuse(x, 'Missing JWT token in request');
        const recognised = recognise(token, knowledge);
        if (typeof recognised === 'string') return refuse(x, recognised);
        if (hide) hideToken(x, places, token);
        if (stores) x.notes.set(CLAIMS, recognised.claims);
        x.attach(recognised.credential);
        return undefined;
      },
    };
  },
});
