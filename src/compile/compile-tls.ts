import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { secureContext, tlsMaterial, type TlsMaterial, type TlsPem } from '../upstream/tls.js';

/** What an upstream's TLS connections are made with; undefined when it is spoken to in plain text. */
export function compileTls({ scheme, tls }: UpstreamConfig, path: Path, report: Report): TlsMaterial | undefined {
  const at = [...path, 'tls'];
  const { ca, client_cert: cert, client_key: key } = tls ?? {};
  const pem: TlsPem = { ca, cert, key };
  check(pem, at, report);
  if (scheme === 'https') return tlsMaterial(tls?.verify ?? true, pem);
  if (tls) report.warning('conflicting-fields', at, '`tls` has no effect without `scheme: https`: these nodes are spoken to in plain text', { spot: 'key' });
  return undefined;
}

/** Tells of texts that are not what they should be. What OpenSSL says of a key is not repeated. */
function check(pem: TlsPem, at: Path, report: Report): void {
  const { ca, cert, key } = pem;
  const [authorities, chain, secret] = [certificatesOf(ca), certificatesOf(cert), privateKeyOf(key)];
  if (authorities?.length === 0) report.error('wrong-value', [...at, 'ca'], NO_CERTIFICATE, { hint: CERTIFICATE_FORM });
  if (chain?.length === 0) report.error('wrong-value', [...at, 'client_cert'], NO_CERTIFICATE, { hint: CERTIFICATE_FORM });
  if (secret === null) report.error('wrong-value', [...at, 'client_key'], 'this is no private key in PEM form', { hint: KEY_FORM });
  if (key !== undefined && cert === undefined) report.error('missing-field', [...at, 'client_key'], '`client_key` needs `client_cert`', { spot: 'key' });
  if (cert !== undefined && key === undefined) report.error('missing-field', [...at, 'client_cert'], '`client_cert` needs `client_key`', { spot: 'key' });
  const [own] = chain ?? [];
  if (own && secret && !own.checkPrivateKey(secret)) report.error('wrong-value', [...at, 'client_key'], 'this is not the key of `client_cert`', { spot: 'key' });
  else if (own && secret && isRefused({ ca: undefined, cert, key })) report.error('wrong-value', [...at, 'client_cert'], 'OpenSSL does not take this certificate: it is too weak, or its chain is broken');
}

const NO_CERTIFICATE = 'certificates in PEM form belong here, and nothing else';
const KEY_FORM = 'a block from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`, written below `|`, or a variable: "${{NAME}}"; a key with a passphrase cannot be used';
const CERTIFICATE_FORM = 'blocks from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`, written below `|`';

/** The certificates of a text; none when any of them is broken, or when a key is among them: it would be shown as certificates are. */
function certificatesOf(text: string | undefined): X509Certificate[] | undefined {
  if (text === undefined) return undefined;
  if (text.includes('PRIVATE KEY')) return [];
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[^]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/** The key of a text; null when there is none in it. */
function privateKeyOf(text: string | undefined): KeyObject | null | undefined {
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function isRefused(pem: TlsPem): boolean {
  try {
    secureContext(pem);
    return false;
  } catch {
    return true;
  }
}
