import { constants, createHash, type X509Certificate } from 'node:crypto';
import { DEFAULT_CIPHERS, type SecureVersion, type TlsOptions } from 'node:tls';
import type { LinkedConfig, LinkedPair, LinkedSsl } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import { compileRegex, isRegex } from '../regex/regex.js';
import type { SslConfig } from '../schema/ssl.js';
import type { Scope } from '../state/store.js';
import { canonicalName, Sites, type Demand, type Material, type Site } from '../tls/sites.js';
import { CERTIFICATE_FORM, certificatesOf, isRefused, KEY_FORM, NO_CERTIFICATE, NO_KEY, privateKeyOf, REFUSED } from './pem.js';

/** Makes the certificates that clients are shown ready for use, and tells what is wrong with any of the list. `now` is in milliseconds since 1970. */
export function compileSites({ ssls, gateway }: LinkedConfig, scope: Scope, now: number, report: Report): Sites {
  const served = ssls.filter((ssl) => ssl.config.type === 'server' && ssl.config.status !== 0);
  const sound = new Set(ssls.filter((ssl) => isSound(ssl, now, report)));
  const sites = served.filter((ssl) => sound.has(ssl)).map((ssl) => siteOf(ssl, scope));
  const fallback = gateway.fallback_sni === undefined ? undefined : canonicalName(gateway.fallback_sni);
  const all = new Sites(sites, fallback, new Map(ssls.map(({ id, pairs, ca }) => [id, digestOf([pairs.map(({ cert, key }) => [cert, key]), ca])])));
  if (fallback !== undefined && sound.size === ssls.length && !all.find(fallback)) report.warning('dangling-reference', ['gateway', 'fallback_sni'], `no certificate is for the server name \`${fallback}\``, { hint: 'TLS handshakes that ask for no name fail' });
  warnOfBareListener(gateway.listen, sites, sound.size === ssls.length, report);
  return all;
}

function warnOfBareListener(listen: LinkedConfig['gateway']['listen'], sites: readonly Site[], sound: boolean, report: Report): void {
  if (typeof listen === 'string' || sites.length > 0 || !sound) return;
  const at = listen.findIndex((entry) => typeof entry === 'object' && entry.tls);
  if (at >= 0) report.warning('no-effect', ['gateway', 'listen', at, 'tls'], 'every TLS handshake fails: no certificate is in service', { hint: 'add one to `ssls`' });
}

/** Whether OpenSSL can use a certificate; tells of what is broken, and of what clients will not like. */
function isSound(ssl: LinkedSsl, now: number, report: Report): boolean {
  const pairs = ssl.pairs.map((pair) => ownOf(pair, report));
  const [own] = pairs;
  if (own && ssl.config.status !== 0) ssl.names.forEach((name, i) => doubtName(own, name, namePath(ssl, i), report));
  if (ssl.config.status !== 0) pairs.forEach((certificate, i) => certificate && doubtValidity(certificate, ssl.pairs[i]?.certPath ?? ssl.path, now, report));
  const authorities = ssl.config.client && ssl.ca !== undefined ? certificatesOf(ssl.ca) : undefined;
  if (authorities?.length === 0) report.error('wrong-value', [...ssl.path, 'client', 'ca'], NO_CERTIFICATE, { hint: CERTIFICATE_HINT });
  const free = ssl.config.client?.skip_mtls_uri_regex?.map((source, i) => isPattern(source, [...ssl.path, 'client', 'skip_mtls_uri_regex', i], report));
  return pairs.every((certificate) => certificate !== undefined) && authorities?.length !== 0 && !free?.includes(false);
}

function isPattern(source: string, path: Path, report: Report): boolean {
  const result = compileRegex(source);
  if (!isRegex(result)) report.error('wrong-value', path, `this regular expression: ${result.message}`, { hint: result.hint });
  return isRegex(result);
}

const CERTIFICATE_HINT = `${CERTIFICATE_FORM}; or \`$file://\` and the name of a file that holds them`;
const KEY_HINT = `${KEY_FORM}; or \`$file://\` and the name of a file that holds it`;

/** The certificate of a pair, once it and its key are as they should be. */
function ownOf({ cert, key, certPath, keyPath }: LinkedPair, report: Report): X509Certificate | undefined {
  const [own] = certificatesOf(cert) ?? [];
  const secret = privateKeyOf(key);
  if (cert !== undefined && !own) report.error('wrong-value', certPath, NO_CERTIFICATE, { hint: CERTIFICATE_HINT });
  if (secret === null) report.error('wrong-value', keyPath, NO_KEY, { hint: KEY_HINT });
  if (!own || !secret) return undefined;
  if (!own.checkPrivateKey(secret)) report.error('wrong-value', keyPath, 'this is not the key of the certificate', { spot: 'key' });
  else if (isRefused({ ca: undefined, cert, key })) report.error('wrong-value', certPath, REFUSED);
  else return own;
  return undefined;
}

function doubtName(own: X509Certificate, name: string, path: Path, report: Report): void {
  const example = name.startsWith('*') ? `any${name.slice(1)}` : name;
  if (own.checkHost(example) === undefined) report.warning('certificate-name', path, `the certificate is not for \`${name}\`: clients that verify it refuse it`);
}

function namePath({ config, path }: LinkedSsl, i: number): Path {
  return config.snis && i < config.snis.length ? [...path, 'snis', i] : [...path, 'sni'];
}

function doubtValidity(own: X509Certificate, path: Path, now: number, report: Report): void {
  const [from, to] = [new Date(own.validFrom), new Date(own.validTo)];
  if (now > to.getTime()) report.warning('certificate-validity', path, `the certificate expired on ${day(to)}: those who verify it refuse it`);
  else if (now < from.getTime()) report.warning('certificate-validity', path, `the certificate is not valid before ${day(from)}: those who verify it refuse it`);
}

const day = (time: Date): string => time.toISOString().slice(0, 10);

/** What is equal is one: sessions that were given out go on across reloads that keep it. */
function siteOf({ id, names, pairs, ca, config }: LinkedSsl, scope: Scope): Site {
  const demand = config.client && demandOf(config.client, ca);
  const options: TlsOptions = {
    cert: pairs.map(({ cert }) => cert ?? ''), key: pairs.map(({ key }) => key ?? ''), ...versionsOf(config),
    // a bad certificate is answered with a status, which says more than an alert
    ...(demand && { ca, requestCert: true, rejectUnauthorized: false }),
  };
  const digest = digestOf([id, pairs.map(({ cert, key }) => [cert, key]), config.ssl_protocols, demand?.digest, config.client?.skip_mtls_uri_regex]);
  return { id, names, material: scope.retain<Material>(`site ${digest}`, () => ({ options, demand })) };
}

function demandOf({ depth, skip_mtls_uri_regex: skip = [] }: NonNullable<SslConfig['client']>, ca: string | undefined): Demand {
  return { digest: digestOf([ca, depth]), depth, free: skip.map((source) => compileRegex(source)).filter(isRegex) };
}

/** Everything between the lowest and the highest is spoken, but for a hole among the three. */
function versionsOf({ ssl_protocols: versions }: SslConfig): TlsOptions {
  if (!versions) return { minVersion: 'TLSv1.2' };
  const sorted = versions.toSorted() as SecureVersion[];
  const hole = sorted.length === 2 && !versions.includes('TLSv1.2');
  return {
    minVersion: sorted[0], maxVersion: sorted.at(-1),
    ...(hole && { secureOptions: constants.SSL_OP_NO_TLSv1_2 }),
    // what OpenSSL asks of signatures by default rules 1.1 out
    ...(sorted[0] === 'TLSv1.1' && { ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` }),
  };
}

const digestOf = (parts: unknown): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
