import type { Path } from '../../diagnostics/diagnostic.js';
import type { Infer } from '../../schema/infer.js';
import { ALGORITHMS, publicVerifier, rsaBits, secretVerifier, type Verifier } from './verifier.js';

const seconds = { type: 'integer', minimum: 0 } as const;

/** Schema of a consumer's credential. */
export const credentialSchema = {
  description: 'How a consumer\'s tokens are told from others, and verified.',
  type: 'object',
  properties: {
    key: { description: 'What the consumer\'s tokens have in the claim `key`.', examples: ['tom'], type: 'string', minLength: 1 },
    algorithm: { description: 'The algorithm of the signature; a token with another is refused.', enum: ALGORITHMS, default: 'HS256' },
    secret: { description: 'The secret of HS256, HS384 and HS512; `$env://NAME` takes it from an environment variable.', examples: ['$env://TOM_JWT_SECRET'], type: 'string', minLength: 1, 'x-secret': true },
    base64_secret: { description: 'true: the secret is written in base64.', type: 'boolean', default: false },
    public_key: { description: 'The public key of the other algorithms, in PEM.', examples: ['$env://TOM_PUBLIC_KEY'], type: 'string', minLength: 1 },
    private_key: { description: 'Not used: a gateway verifies, and signs nothing.', examples: ['$env://TOM_PRIVATE_KEY'], type: 'string', 'x-secret': true },
    exp: { description: 'Not used: how long a token lives is for those who sign it to say.', ...seconds, minimum: 1, default: 86_400 },
    lifetime_grace_period: { description: 'Seconds by which the clocks of those who sign and of the gateway may differ.', ...seconds, default: 0 },
  },
  required: ['key'],
  additionalProperties: false,
} as const;

/** A credential as it is configured. */
export type CredentialConfig = Infer<typeof credentialSchema>;

/** What a request needs of it. */
export interface Prepared {
  readonly verifier: Verifier;
  /** Seconds. */
  readonly grace: number;
}

/** Tells the author something about a place within the credential. */
type Tell = (path: Path, message: string) => void;

/** Makes the verifier, at load; one that accepts nothing where a fault is told. */
export function prepare(config: CredentialConfig, reject: Tell, warn: Tell): Prepared {
  const { algorithm, private_key: privateKey, lifetime_grace_period: grace } = config;
  if (privateKey !== undefined) warn(['private_key'], 'a gateway verifies tokens and signs none: keep the private key where they are signed');
  const verifier = algorithm.startsWith('HS') ? ofSecret(config, reject) : ofPublicKey(config, reject, warn);
  return { verifier: verifier ?? NOTHING, grace };
}

const NOTHING: Verifier = { id: '', accepts: () => false };

function ofSecret({ algorithm, secret, base64_secret: encoded }: CredentialConfig, reject: Tell): Verifier | undefined {
  if (secret === undefined) return void reject([], `${algorithm} needs \`secret\``);
  if (!encoded) return secretVerifier(algorithm, Buffer.from(secret));
  if (!/^[A-Za-z0-9+/]{2,}={0,2}$/.test(secret) || secret.replace(/=+$/, '').length % 4 === 1) return void reject(['secret'], 'this is not base64, as `base64_secret: true` says');
  return secretVerifier(algorithm, Buffer.from(secret, 'base64'));
}

function ofPublicKey({ algorithm, public_key: pem }: CredentialConfig, reject: Tell, warn: Tell): Verifier | undefined {
  if (pem === undefined) return void reject([], `${algorithm} needs \`public_key\``);
  if (pem.includes('PRIVATE KEY')) warn(['public_key'], 'this is a private key: whoever can read the file can sign tokens; its public key is enough');
  const verifier = publicVerifier(algorithm, pem);
  if (typeof verifier === 'string') return void reject(['public_key'], verifier);
  const bits = rsaBits(pem);
  if (bits !== undefined && bits < 2048) warn(['public_key'], `an RSA key of ${bits} bits can be broken; use one of 2048 or more (RFC 7518, section 3.3)`);
  return verifier;
}
