import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import { timeOf } from './hmac-auth/date.js';
import { ALGORITHMS, sign, signatureIn, signedText, type Algorithm, type Signature } from './hmac-auth/signature.js';
import { authPlugin, type Binding, type Credential, type CredentialKey, type Exchange, type Reply } from './plugin.js';
import { anonymousConsumer, hideCredentials, realm, refuseOrAttach } from './common/authentication.js';
import { isEqual } from './common/digest.js';

/** Recognises a consumer by the signature of its request, as Apache APISIX's plugin of this name does. */
export const hmacAuth = authPlugin({
  name: 'hmac-auth',
  priority: 2530,
  schema: {
    description: 'Requires a request to be signed (HMAC).',
    type: 'object',
    properties: {
      allowed_algorithms: { description: 'The algorithms that a signature may be made by.', type: 'array', items: { enum: ALGORITHMS }, minItems: 1, default: ALGORITHMS },
      clock_skew: { description: 'How many seconds the Date of a request may be off: so long an intercepted request can be sent again.', type: 'integer', minimum: 1, default: 300 },
      signed_headers: { description: 'Headers that each signature must cover; `@request-target` is the method and the target.', type: 'array', items: { type: 'string', minLength: 1, maxLength: 50 }, default: ['date'] },
      validate_request_body: { description: 'true requires the digest of the body in the header Digest.', type: 'boolean', default: false },
      max_req_body_size: { description: 'The largest body, in bytes, that is read to validate it; a larger one gets 413.', type: 'integer', minimum: 1, default: 67_108_864 },
      hide_credentials: hideCredentials,
      realm: realm('hmac'),
      anonymous_consumer: anonymousConsumer,
    },
    additionalProperties: false,
  },
  credentialSchema: {
    description: 'The key that a consumer signs its requests with.',
    type: 'object',
    properties: {
      key_id: { description: 'The name of the key, which requests send.', examples: ['tom-2026'], type: 'string', minLength: 1, maxLength: 256 },
      secret_key: { description: 'The key, which requests do not send; `$env://NAME` takes it from an environment variable.', examples: ['$env://TOM_SIGNING_KEY'], type: 'string', minLength: 1, maxLength: 256, 'x-secret': true },
    },
    required: ['key_id', 'secret_key'],
    additionalProperties: false,
  },

  credentialKeys: ({ key_id: id }): CredentialKey[] => [{ path: ['key_id'], key: Buffer.from(id).toString('latin1'), doubt: id.includes('"') ? 'has a quotation mark, at which it ends in a request' : undefined }],
  prepare: ({ secret_key: key }) => createSecretKey(Buffer.from(key)),

  loosens(before, after) {
    const widens = after.clock_skew > before.clock_skew || after.allowed_algorithms.some((name) => !before.allowed_algorithms.includes(name));
    return widens || (before.validate_request_body && !after.validate_request_body) || before.signed_headers.some((name) => !after.signed_headers.includes(name));
  },

  compile(options, binding) {
    const { hide_credentials: hide, max_req_body_size: limit, validate_request_body: validates } = options;
    warnOfGaps(options, binding);
    const challenge = `hmac realm="${options.realm}"`;
    const refuse = refuseOrAttach(options.anonymous_consumer, challenge, binding, (x) => void (hide && x.removeHeader('authorization')));
    const rules = { credentials: binding.credentials, target: binding.variable('request_uri', []), algorithms: new Set(options.allowed_algorithms), skew: options.clock_skew * 1000, required: options.signed_headers.map((name) => name.toLowerCase()) };

    const accept = (x: Exchange, credential: Credential): undefined => {
      if (hide) x.removeHeader('authorization');
      x.attach(credential);
    };
    const validateBody = async (x: Exchange, credential: Credential): Promise<Reply | undefined> => {
      const body = await x.body(limit);
      if (!body) return TOO_LARGE;
      return isDigestOf(body, x) ? accept(x, credential) : refuse(x, INVALID);
    };

    return {
      rewrite(x) {
        const [sent, ...more] = x.headerValues('authorization');
        if (sent === undefined) return refuse(x, `${INVALID}: missing Authorization header`);
        if (!sent.startsWith('Signature')) return refuse(x, `${INVALID}: Authorization header does not start with 'Signature'`);
        const signature = more.length === 0 ? signatureIn(sent) : undefined;
        const credential = signature && signerOf(signature, x, rules);
        if (!credential) return refuse(x, INVALID);
        return validates ? validateBody(x, credential) : accept(x, credential);
      },
    };
  },
});

const INVALID = "client request can't be validated";
const TOO_LARGE: Reply = { status: 413 };

/** What signatures are held against. */
interface Rules {
  readonly credentials: ReadonlyMap<string, Credential<KeyObject>>;
  readonly target: (x: Exchange) => string | undefined;
  readonly algorithms: ReadonlySet<Algorithm>;
  /** Milliseconds. */
  readonly skew: number;
  /** What must be signed, in lower case. */
  readonly required: readonly string[];
}

/** Whose key made a signature, which is young enough and covers what it must. */
function signerOf(signature: Signature, x: Exchange, { credentials, target, algorithms, skew, required }: Rules): Credential | undefined {
  const signed = new Set(signature.headers.map((name) => name.toLowerCase()));
  if (!algorithms.has(signature.algorithm) || !isTimely(x, skew) || !required.every((name) => signed.has(name))) return undefined;
  const text = signedText(signature, x, target(x) ?? '');
  if (text === undefined) return undefined;
  const credential = credentials.get(signature.keyId);
  // signed by something for a key that nobody has, too: it must not take less time
  const isRight = isEqual(sign(signature.algorithm, credential?.data ?? NOBODYS, text), signature.signature);
  return isRight ? credential : undefined;
}

const NOBODYS = createSecretKey(Buffer.alloc(32));

function isTimely(x: Exchange, skew: number): boolean {
  const [date, ...more] = x.headerValues('date');
  const time = date === undefined || more.length > 0 ? undefined : timeOf(date);
  return time !== undefined && Math.abs(Date.now() - time) <= skew;
}

function isDigestOf(body: Buffer, x: Exchange): boolean {
  const [digest, ...more] = x.headerValues('digest');
  return digest !== undefined && more.length === 0 && digest === `SHA-256=${hash('sha256', body, 'base64')}`;
}

/** What a signature does not cover, others can change on the way. */
function warnOfGaps({ signed_headers: names, validate_request_body: validates }: { readonly signed_headers: readonly string[]; readonly validate_request_body: boolean }, { warn }: Pick<Binding, 'warn'>): void {
  const signed = new Set(names.map((name) => name.toLowerCase()));
  if (!signed.has('date')) warn(['signed_headers'], 'without `date` a request that was signed once can be sent again for ever');
  if (validates && !signed.has('digest')) warn(['validate_request_body'], 'without `digest` in `signed_headers` whoever intercepts a request can change its body and the digest');
}
