import type { SslConfig } from '../schema/ssl.js';
import type { Change } from './change.js';
import { fieldChanges } from './fields.js';

type Ssls = ReadonlyMap<string, SslConfig>;

/** What changed of certificates. A demand of a client's certificate that is gone opens what was closed. */
export function sslsChanges(before: Ssls, after: Ssls): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)];
    const texts = textsOf(old, now);
    return texts.map((text, i) => ({ subject: `certificate ${id}`, text, loosens: i === 0 && loosens(old, now) }));
  });
}

function textsOf(before: SslConfig | undefined, after: SslConfig | undefined): string[] {
  const guard = loosens(before, after) ? ['clients need a certificate no longer, or for fewer paths'] : [];
  if (!before || !after) return [...guard, before ? 'removed' : 'added'];
  return [...guard, ...fieldChanges(plain(before), plain(after))];
}

/** Without PEM texts: that they changed is all there is to say, and is said where files are known as well. */
function plain({ cert, key, certs, keys, client, ...fields }: SslConfig): object {
  return { ...fields, client: client && { depth: client.depth, skip_mtls_uri_regex: client.skip_mtls_uri_regex } };
}

function loosens(before: SslConfig | undefined, after: SslConfig | undefined): boolean {
  if (!before?.client || before.type === 'client' || before.status === 0) return false;
  // its names may be served by another certificate, of a wildcard
  if (!after?.client || after.type === 'client' || after.status === 0) return true;
  const skipped = new Set(before.client.skip_mtls_uri_regex);
  return after.client.depth > before.client.depth || after.client.skip_mtls_uri_regex?.some((pattern) => !skipped.has(pattern)) === true;
}
