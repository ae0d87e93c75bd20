import { dirname, resolve } from 'node:path';
import type { Path } from '../diagnostics/diagnostic.js';
import type { SslConfig } from '../schema/ssl.js';
import { canonicalName } from '../tls/sites.js';
import type { ReadFile } from './files.js';
import { itemsOf } from './items.js';
import type { LinkedPair, LinkedSsl } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';

/** Where what certificates refer to comes from. */
export interface MaterialContext {
  /** Reads `$env://` and `$secret://` references. */
  readonly secrets: SecretReader;
  /** Reads `$file://` references. */
  readonly read: ReadFile;
  /** The configuration file, which paths are relative to. */
  readonly file: string;
  readonly report: Report;
}

/** The certificates of a configuration, with what they refer to in its place. */
export function linkSsls(ssls: readonly SslConfig[], context: MaterialContext): LinkedSsl[] {
  const items = [...itemsOf('ssls', 'certificate', ssls, context.report).values()];
  const linked = items.map(({ id, path, config }): LinkedSsl => ({
    id, path, config, names: namesOf(config, path, context.report), pairs: pairsOf(config, path, context), ca: authoritiesOf(config, path, context),
  }));
  tellDuplicateNames(linked, context.report);
  return linked;
}

function namesOf({ type, sni, snis }: SslConfig, path: Path, report: Report): string[] {
  if (type === 'client') return [];
  if (sni === undefined && snis === undefined) report.error('missing-field', path, 'a certificate for clients needs `sni` or `snis`', { hint: 'the names that it is shown for; with `type: client` it is shown to upstreams instead' });
  return [...(snis ?? []), ...(sni === undefined ? [] : [sni])].map(canonicalName);
}

function pairsOf(config: SslConfig, path: Path, context: MaterialContext): LinkedPair[] {
  const { cert, key, certs = [], keys = [] } = config;
  if (certs.length !== keys.length) context.report.error('conflicting-fields', [...path, certs.length > keys.length ? 'certs' : 'keys'], '`certs` and `keys` must be of one length', { spot: 'key' });
  const written = [{ cert, key, certPath: [...path, 'cert'], keyPath: [...path, 'key'] }]
    .concat(certs.map((text, i) => ({ cert: text, key: keys[i] ?? '', certPath: [...path, 'certs', i], keyPath: [...path, 'keys', i] })));
  // a certificate without its key was told of
  return written.map((pair) => ({ ...pair, cert: materialOf(pair.cert, pair.certPath, context), key: materialOf(pair.key, pair.keyPath, context) })).slice(0, 1 + Math.min(certs.length, keys.length));
}

function authoritiesOf({ client }: SslConfig, path: Path, context: MaterialContext): string | undefined {
  return client && materialOf(client.ca, [...path, 'client', 'ca'], context);
}

const FILE = /^\$file:\/\/(.+)$/i;

/** What a text refers to, or itself; undefined when that cannot be had, which is told. */
function materialOf(text: string, path: Path, { secrets, read, file, report }: MaterialContext): string | undefined {
  const name = FILE.exec(text)?.[1];
  if (name === undefined) return secrets.resolve(text, path);
  const content = read(resolve(dirname(file), name));
  if (typeof content !== 'string') return content.toString('utf8');
  report.error('reference-unreadable', path, `the file ${name} cannot be read (${content})`, { hint: 'the path is relative to the folder of the configuration file' });
  return undefined;
}

/** In service, a name must say which certificate is shown. */
function tellDuplicateNames(ssls: readonly LinkedSsl[], report: Report): void {
  const first = new Map<string, Path>();
  for (const { names, config, path } of ssls) {
    if (config.status === 0) continue;
    names.forEach((name, i) => {
      const place: Path = config.snis && i < config.snis.length ? [...path, 'snis', i] : [...path, 'sni'];
      const before = first.get(name);
      if (before) report.error('duplicate-sni', place, `two certificates are for the server name \`${name}\``, { related: [report.place(before, 'first here')], hint: 'certificates of several key types for one name go into `certs` and `keys`' });
      else first.set(name, place);
    });
  }
}
