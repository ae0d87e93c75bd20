import { constants, createHmac, createPublicKey, createSecretKey, verify, type KeyObject } from 'node:crypto';
import { digest, isEqual } from '../common/digest.js';
import { bytesIn, type Token } from './token.js';

/** The algorithms of RFC 7518, section 3.1, but for `none`; and that of RFC 8037. */
export const ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'EdDSA'] as const;

/** The name of an algorithm. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** Verifies what one key has signed by one algorithm: both are the consumer's, whatever a token says. */
export interface Verifier {
  /** Alike for two verifiers that accept the same signatures. */
  readonly id: string;
  accepts(token: Token): boolean;
}

/** What went wrong with a key, in words that show nothing of it. */
export type KeyFault = string;

/** A verifier of HMACs. */
export function secretVerifier(algorithm: Algorithm, secret: Buffer): Verifier {
  const key = createSecretKey(secret);
  const hash = `sha${algorithm.slice(2)}`;
  return verifier(algorithm, secret, (signed, signature) => isEqual(createHmac(hash, key).update(signed).digest(), signature));
}

/** A verifier by a public key in PEM; or why it is none for the algorithm. */
export function publicVerifier(algorithm: Algorithm, pem: string): Verifier | KeyFault {
  const key = publicKeyIn(pem);
  if (!key) return 'this is no public key in PEM (`-----BEGIN PUBLIC KEY-----`)';
  const fault = faultOf(algorithm, key);
  if (fault !== undefined) return fault;
  return verifier(algorithm, key.export({ type: 'spki', format: 'der' }), checkOf(algorithm, key));
}

/** Bits of the RSA key in a PEM; undefined for another key. */
export function rsaBits(pem: string): number | undefined {
  return publicKeyIn(pem)?.asymmetricKeyDetails?.modulusLength;
}

type Check = (signed: string, signature: Buffer) => boolean;

function verifier(algorithm: Algorithm, key: Buffer, check: Check): Verifier {
  return {
    id: digest(`${algorithm} ${key.toString('base64')}`).toString('base64'),
    accepts(token) {
      if (token.algorithm !== algorithm) return false;
      const signature = bytesIn(token.signature);
      return signature !== undefined && check(token.signed, signature);
    },
  };
}

function publicKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    // whoever configured it is told; OpenSSL's words add nothing to that
    return undefined;
  }
}

/** Why a key is none for an algorithm. */
function faultOf(algorithm: Algorithm, { asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): KeyFault | undefined {
  const type: string = asymmetricKeyType ?? '';
  const types = TYPES[algorithm.slice(0, 2)] ?? [];
  if (!types.includes(type)) return `${algorithm} takes a key of another kind than \`${type}\`: ${types.map((name) => `\`${name}\``).join(' or ')}`;
  const curve = CURVES[algorithm];
  return curve !== undefined && details?.namedCurve !== curve.name ? `${algorithm} takes a key on the curve \`${curve.name}\`, and on no other` : undefined;
}

/** Kinds of keys by the first letters of an algorithm. */
const TYPES: Readonly<Record<string, readonly string[]>> = { RS: ['rsa'], PS: ['rsa', 'rsa-pss'], ES: ['ec'], Ed: ['ed25519', 'ed448'] };

/** Curves by algorithm, with the bytes of a signature (RFC 7518, section 3.4). */
const CURVES: Readonly<Partial<Record<Algorithm, { readonly name: string; readonly bytes: number }>>> = {
  ES256: { name: 'prime256v1', bytes: 64 }, ES384: { name: 'secp384r1', bytes: 96 }, ES512: { name: 'secp521r1', bytes: 132 },
};

/** Synchronous: Node's promises for it cost more than the verification of most signatures. */
function checkOf(algorithm: Algorithm, key: KeyObject): Check {
  if (algorithm === 'EdDSA') return (signed, signature) => verify(null, Buffer.from(signed), key, signature);
  const hash = `sha${algorithm.slice(2)}`;
  const curve = CURVES[algorithm];
  if (curve) {
    const options = { key, dsaEncoding: 'ieee-p1363' } as const;
    return (signed, signature) => signature.length === curve.bytes && verify(hash, Buffer.from(signed), options, signature);
  }
  const options = algorithm.startsWith('PS') ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : { key, padding: constants.RSA_PKCS1_PADDING };
  return (signed, signature) => verify(hash, Buffer.from(signed), options, signature);
}
