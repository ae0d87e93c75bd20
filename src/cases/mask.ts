import { isSecretName } from '../config/secret-names.js';
import type { CaseConfig } from '../schema/cases.js';
import { headerLines } from './answer.js';

const MASK = '********';
/** Shorter ones would mask what is no secret. */
const SHORTEST = 3;

/** Hides the secrets of a request, and `others`, wherever a text repeats them: an upstream may tell what it received. */
export function maskOf({ headers = {}, request }: Pick<CaseConfig, 'headers' | 'request'>, others: readonly string[] = []): (text: string) => string {
  const lines = headerLines(headers);
  const inHeaders = lines.flatMap((value, i) => (i % 2 === 1 && isSecretHeader(lines[i - 1] ?? '') ? partsOf(value) : []));
  const query = request.includes('?') ? request.slice(request.indexOf('?') + 1) : '';
  const inQuery = [...new URLSearchParams(query)].flatMap(([name, value]) => (isSecretHeader(name) ? [value, encodeURIComponent(value)] : []));
  const secrets = [...inHeaders, ...inQuery, ...others.flatMap((text) => [text, encodeURIComponent(text)])].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** The credentials that an upstream is expected to receive. */
export function expectedOf({ expect }: Pick<CaseConfig, 'expect'>): string[] {
  const headers = typeof expect.upstream === 'object' ? (expect.upstream.headers ?? {}) : {};
  return Object.entries(headers).flatMap(([name, value]) => (isSecretHeader(name) && typeof value === 'string' ? partsOf(value) : []));
}

/** Whether a header or an argument of this name holds credentials, whatever plugins ask for. */
export const isSecretHeader = (name: string): boolean => isSecretName(name) || /cookie|auth|jwt|session|signature/i.test(name);

/** A value, what follows a scheme (`Bearer …`), and the values of cookies. */
function partsOf(value: string): string[] {
  const cookies = value.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1));
  return [value, value.slice(value.indexOf(' ') + 1), ...cookies];
}
