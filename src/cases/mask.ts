import { MASK } from '../config/frame.js';
import { isSecretHeader } from '../config/secret-names.js';
import type { BodyConfig, CaseConfig, SentHeaders, WantedHeaders } from '../schema/cases.js';
import { headerLines } from './answer.js';

/** Shorter ones would mask what is no secret. */
const SHORTEST = 3;

/** Hides the secrets of a request, and `others`, wherever a text repeats them: an upstream may tell what it received. */
export function maskOf({ headers = {}, request, body }: Pick<CaseConfig, 'headers' | 'request' | 'body'>, others: readonly string[] = []): (text: string) => string {
  const found = [...inHeaders(headers), ...inTarget(request), ...inBody(body), ...others].flatMap(formsOf);
  const secrets = [...new Set(found)].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** The credentials that a case does not send itself: those that its upstream answers with, or is expected to receive. */
export function expectedOf({ expect, answer }: Pick<CaseConfig, 'expect' | 'answer'>): string[] {
  const seen = typeof expect.upstream === 'object' ? expect.upstream : {};
  return [
    ...wantedIn(expect.headers), ...wantedIn(seen.headers), ...inTarget(seen.path ?? ''),
    ...[answer ?? []].flat().flatMap(({ headers = {} }) => inHeaders(headers)),
  ];
}

/** The value of a header as it may be shown: the name of a cookie tells what it is for, what it holds may open something. */
export function shownHeader(name: string, value: string): string {
  return name.toLowerCase() === 'set-cookie' ? value.replace(/(^|, )([^=;,\s]+)=[^;]*/g, '$1$2=********') : value;
}

function inHeaders(headers: SentHeaders): string[] {
  const lines = headerLines(headers);
  return lines.flatMap((value, i) => (i % 2 === 1 && isSecretHeader(lines[i - 1] ?? '') ? partsOf(value) : []));
}

function wantedIn(headers: WantedHeaders = {}): string[] {
  return Object.entries(headers).flatMap(([name, wanted]) => (isSecretHeader(name) ? partsOf(typeof wanted === 'string' ? wanted : wanted.matches) : []));
}

/** Of arguments both what is written and what that means; and the password of `user:password@host`. */
function inTarget(target: string): string[] {
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  const named = query.split('&').flatMap((part) => {
    const [[name, value] = ['', '']] = new URLSearchParams(part);
    return isSecretHeader(name) ? [value, part.slice(part.indexOf('=') + 1)] : [];
  });
  const [, password = ''] = /\/\/[^/?#@:]*:([^/?#]*)@/.exec(target) ?? [];
  return [...named, password];
}

/** Of JSON, and of a form. */
function inBody(body: BodyConfig | undefined): string[] {
  if (typeof body === 'object') return fieldsIn(body, false);
  if (body === undefined) return [];
  try {
    return fieldsIn(JSON.parse(body), false);
  } catch {
    return inTarget(`?${body}`);
  }
}

function fieldsIn(value: unknown, within: boolean): string[] {
  if (typeof value === 'string') return within ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) => fieldsIn(item, within || (!Array.isArray(value) && isSecretHeader(name))));
}

/** A value, what follows a scheme (`Bearer …`), and the values of cookies. */
function partsOf(value: string): string[] {
  const cookies = value.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1));
  return [value, value.slice(value.indexOf(' ') + 1), ...cookies];
}

/** A text as it is, in a URL, in a form and within JSON. */
const formsOf = (text: string): string[] => [text, encodeURIComponent(wellFormed(text)), new URLSearchParams({ '': text }).toString().slice(1), JSON.stringify(text).slice(1, -1)];

/** Without halves of characters, which no URL holds. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
