import type { LinkedSsl } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import type { UpstreamConfig } from '../schema/upstream.js';
import { tlsMaterial, type TlsMaterial, type TlsPem } from '../upstream/tls.js';
import { CERTIFICATE_FORM, certificatesOf, isRefused, KEY_FORM, NO_CERTIFICATE, NO_KEY, privateKeyOf, REFUSED } from './pem.js';

/** The certificates of the `ssls` list by id. */
export type SslsById = ReadonlyMap<string, LinkedSsl>;

/** What an upstream's TLS connections are made with; undefined when it is spoken to in plain text. */
export function compileTls({ scheme, tls }: UpstreamConfig, path: Path, ssls: SslsById, report: Report): TlsMaterial | undefined {
  const at = [...path, 'tls'];
  const { ca, client_cert: cert, client_key: key, client_cert_id: id } = tls ?? {};
  const pem: TlsPem = { ca, cert, key };
  check(pem, at, report);
  const client = id === undefined ? undefined : clientOf(String(id), at, ssls, report);
  if (id !== undefined && (cert !== undefined || key !== undefined)) report.error('conflicting-fields', [...at, 'client_cert_id'], '`client_cert_id` stands instead of `client_cert` and `client_key`', { spot: 'key' });
  if (scheme === 'https' || scheme === 'grpcs') return tlsMaterial(tls?.verify ?? true, client ? { ca, cert: client.cert, key: client.key } : pem);
  if (tls) report.warning('conflicting-fields', at, '`tls` has no effect without `scheme: https` or `grpcs`: these nodes are spoken to in plain text', { spot: 'key' });
  return undefined;
}

function clientOf(id: string, at: Path, ssls: SslsById, report: Report): LinkedSsl['pairs'][number] | undefined {
  const found = ssls.get(id);
  const place: Path = [...at, 'client_cert_id'];
  if (!found) {
    const near = report.near(id, ssls);
    report.error('dangling-reference', place, `there is no certificate \`${id}\``, { hint: near ? `did you mean \`${near}\`?` : 'add it to `ssls`, with `type: client`' });
  } else if (found.config.type !== 'client') {
    report.error('wrong-value', place, `the certificate \`${id}\` is one for clients of the gateway`, { hint: 'only one with `type: client` is shown to upstreams' });
  }
  return found?.pairs[0];
}

/** Tells of texts that are not what they should be. */
function check(pem: TlsPem, at: Path, report: Report): void {
  const { ca, cert, key } = pem;
  const [authorities, chain, secret] = [certificatesOf(ca), certificatesOf(cert), privateKeyOf(key)];
  if (authorities?.length === 0) report.error('wrong-value', [...at, 'ca'], NO_CERTIFICATE, { hint: CERTIFICATE_FORM });
  if (chain?.length === 0) report.error('wrong-value', [...at, 'client_cert'], NO_CERTIFICATE, { hint: CERTIFICATE_FORM });
  if (secret === null) report.error('wrong-value', [...at, 'client_key'], NO_KEY, { hint: KEY_FORM });
  if (key !== undefined && cert === undefined) report.error('missing-field', [...at, 'client_key'], '`client_key` needs `client_cert`', { spot: 'key' });
  if (cert !== undefined && key === undefined) report.error('missing-field', [...at, 'client_cert'], '`client_cert` needs `client_key`', { spot: 'key' });
  const [own] = chain ?? [];
  if (own && secret && !own.checkPrivateKey(secret)) report.error('wrong-value', [...at, 'client_key'], 'this is not the key of `client_cert`', { spot: 'key' });
  else if (own && secret && isRefused({ ca: undefined, cert, key })) report.error('wrong-value', [...at, 'client_cert'], REFUSED);
}
