import { isSecretName } from '../config/secret-names.js';
import type { CaseConfig } from '../schema/cases.js';
import { headerLines } from './answer.js';

const MASK = '********';
/** Shorter ones would mask what is no secret. */
const SHORTEST = 3;

/** Hides the secrets of a case's request wherever a text repeats them: an upstream may tell what it received. */
export function maskOf({ headers = {}, request }: CaseConfig): (text: string) => string {
  const lines = headerLines(headers);
  const inHeaders = lines.flatMap((value, i) => (i % 2 === 1 && isSecret(lines[i - 1] ?? '') ? partsOf(value) : []));
  const query = request.includes('?') ? request.slice(request.indexOf('?') + 1) : '';
  const inQuery = [...new URLSearchParams(query)].flatMap(([name, value]) => (isSecret(name) ? [value, encodeURIComponent(value)] : []));
  const secrets = [...inHeaders, ...inQuery].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** Names of headers and arguments that hold credentials, whatever plugins ask for. */
const isSecret = (name: string): boolean => isSecretName(name) || /cookie|auth|jwt|session|signature/i.test(name);

/** A value, what follows a scheme (`Bearer …`), and the values of cookies. */
function partsOf(value: string): string[] {
  const cookies = value.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1));
  return [value, value.slice(value.indexOf(' ') + 1), ...cookies];
}
