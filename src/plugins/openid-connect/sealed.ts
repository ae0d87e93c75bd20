import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** Texts that only who has the secret can read or make: AES-256-GCM, with a key derived from it. */
export class Sealer {
  readonly #key: Buffer;

  /** `purpose`: what is sealed for one is nothing to another. */
  constructor(secret: string, purpose: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', `openid-connect ${purpose}`, 32));
  }

  seal(value: object): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** Undefined for what was not sealed with this secret for this purpose. */
  open(text: string): unknown {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < NONCE + TAG) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAuthTag(bytes.subarray(-TAG));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString());
    } catch {
      // whoever made it does not have the secret, or it is from before it changed: they log in
      return undefined;
    }
  }
}
