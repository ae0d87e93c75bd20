import { createHmac, type KeyObject } from 'node:crypto';
import type { Exchange } from '../plugin.js';

/** The algorithms, under the names that requests have for them. */
export const ALGORITHMS = ['hmac-sha1', 'hmac-sha256', 'hmac-sha512'] as const;

/** The name of an algorithm. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** What an Authorization header of the scheme `Signature` says. */
export interface Signature {
  readonly keyId: string;
  readonly algorithm: Algorithm;
  /** Names of what is signed, as written. */
  readonly headers: readonly string[];
  readonly signature: Buffer;
}

/** Reads the parameters; undefined when one is missing, stands there twice or is no such thing. */
export function signatureIn(authorization: string): Signature | undefined {
  const given = new Map<string, string>();
  for (const [, name = '', value = ''] of authorization.slice('Signature'.length).matchAll(/(\w+)="([^"]*)"/g)) {
    if (given.has(name)) return undefined;
    given.set(name, value);
  }
  const keyId = given.get('keyId');
  const algorithm = ALGORITHMS.find((known) => known === given.get('algorithm'));
  const base64 = given.get('signature');
  if (keyId === undefined || algorithm === undefined || base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const headers = given.get('headers')?.split(/\s+/).filter((name) => name !== '') ?? [];
  return { keyId, algorithm, headers, signature: Buffer.from(base64, 'base64') };
}

/**
 * The text that is signed: the key's id, then line by line what is listed. A header that the request does not have is left
 * out, as in APISIX; of one that it has twice it is not clear what was signed: undefined.
 */
export function signedText({ keyId, headers }: Signature, x: Exchange, target: string): string | undefined {
  let text = `${keyId}\n`;
  for (const name of headers) {
    if (name === '@request-target') {
      text += `${x.method} ${target}\n`;
      continue;
    }
    const lower = name.toLowerCase();
    const [value, ...more] = x.headerValues(lower);
    // nor of one that it has in another spelling besides, which some servers take for the same
    if (more.length > 0 || (value !== undefined && x.details.forwardedValues(lower.replaceAll('-', '_')).length > 1)) return undefined;
    if (value !== undefined) text += `${name}: ${value}\n`;
  }
  return text;
}

/** The signature of a text; both sides see a text as bytes, each a character. */
export function sign(algorithm: Algorithm, key: KeyObject, text: string): Buffer {
  return createHmac(algorithm.slice('hmac-'.length), key).update(text, 'latin1').digest();
}
