import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { secureContext, type TlsPem } from '../upstream/tls.js';

export const NO_CERTIFICATE = 'certificates in PEM form belong here, and nothing else';
export const CERTIFICATE_FORM = 'blocks from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`, written below `|`';
export const NO_KEY = 'this is no private key in PEM form';
export const KEY_FORM = 'a block from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`, written below `|`, or a variable: "${{NAME}}"; a key with a passphrase cannot be used';
export const REFUSED = 'OpenSSL does not take this certificate: it is too weak, or its chain is broken';

/** The certificates of a text; none when any of them is broken, or when a key is among them: it would be shown as certificates are. */
export function certificatesOf(text: string | undefined): X509Certificate[] | undefined {
  if (text === undefined) return undefined;
  if (text.includes('PRIVATE KEY')) return [];
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[^]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g) ?? [];
  // a file that was cut within its chain
  if (blocks.length !== (text.match(/-----BEGIN /g) ?? []).length) return [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/** The key of a text; null when there is none in it. */
export function privateKeyOf(text: string | undefined): KeyObject | null | undefined {
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

/** Whether OpenSSL takes PEM texts for no good. What it says of a key is not repeated. */
export function isRefused(pem: TlsPem): boolean {
  try {
    secureContext(pem);
    return false;
  } catch {
    return true;
  }
}
