import { FAMILY, isSecretHeader, isSecretName, isSecretVariable } from './secret-names.js';
import type { Span } from './secret-places.js';

/** `user:password@host`, with a scheme before it or without. */
const PASSWORD_IN_URL = /(?<=[/"'\s[{(,]|^)([^\s/@:"'[\]{},]{0,256}):([^\s/@"']{1,256})@/m;

/** `redis://token@host`, without a name before it. */
const TOKEN_IN_URL = /(?<=:\/\/)[^\s/@:"'[\]{},]{1,256}(?=@)/g;

/** `?token=…` of a path. */
const SECRET_IN_QUERY = /[?&]([\w.-]{1,64})=([^\s&#"'[\]{},]{1,1024})/g;

/** `cookie_session == …`, as other languages write a condition. */
const SECRET_IN_CONDITION = new RegExp(String.raw`\b((?:${FAMILY})[_.][\w.-]{1,64})\s{0,8}[!=~<>]{1,3}\*?\s{0,8}(\S[^\r\n]{0,1024})`, 'g');

/** What may stand between the parts of a rule, in brackets, below each other or under names. */
const BETWEEN = String.raw`[\s,#"'-]{1,99}(?:\w{1,16}["']?\s{0,4}:[\s"']{1,99})?`;

/** `cookie_session, "==", …`, wherever it stands: in a comment, or where a bracket or a dash is missing. */
const SECRET_IN_RULE = new RegExp(String.raw`\b((?:sent_)?(?:${FAMILY})[_.][\w.-]{1,64}|args|query_string|request_body)${BETWEEN}(?:(?:[!=<>~*]{1,3}|in|has|ipmatch)${BETWEEN}){1,2}(\[[^\]\n]{0,1024}|[|>][-+\d]{0,2}\s{0,99}\n[^\n]{1,1024}|[^,\]}"'\n]{1,1024})`, 'gi');

/** A token behind its scheme. */
const BEARER = /\bbearer\s{1,8}(?=[\w.~+/=-]{0,1024}\d)([\w.~+/=-]{6,1024})/gi;

/** A private key, whole or cut off; folded ones are one line. */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:[^-]|-(?!----END))*/g;

/** Whether a text holds a password in a URL. */
export const holdsPassword = (text: string): boolean => text.includes('@') && PASSWORD_IN_URL.test(text);

/** What ends with a value, by whose name it is told whether that is secret. */
const NAMED: readonly (readonly [pattern: RegExp, isSecret: (name: string) => boolean])[] = [
  [/\$\{\{\s*(\w+)\s*:=([^{}\n]*)(?=\}\})/g, isSecretName],
  [SECRET_IN_QUERY, isSecretHeader],
  [SECRET_IN_CONDITION, isSecretVariable],
  [SECRET_IN_RULE, isSecretVariable],
];

/** Defaults of placeholders that sound secret, passwords and tokens in URLs, conditions in words, and private keys, wherever they stand. */
export function spansAnywhere(text: string): Span[] {
  const spans: Span[] = [];
  for (const [pattern, isSecret] of NAMED) {
    for (const { 1: name = '', 2: value = '', 0: all, index } of text.matchAll(pattern)) {
      if (isSecret(name)) spans.push({ start: index + all.length - value.length, end: index + all.length });
    }
  }
  for (const { 1: user = '', 2: password = '', index } of text.includes('@') ? text.matchAll(new RegExp(PASSWORD_IN_URL, 'gm')) : []) {
    const start = index + user.length + 1;
    spans.push({ start, end: start + password.length });
  }
  for (const { 0: token, index } of text.includes('@') ? text.matchAll(TOKEN_IN_URL) : []) spans.push({ start: index, end: index + token.length });
  for (const { 1: token = '', 0: all, index } of text.matchAll(BEARER)) spans.push({ start: index + all.length - token.length, end: index + all.length });
  for (const { 0: key, index } of text.matchAll(PRIVATE_KEY)) spans.push({ start: index, end: index + key.trimEnd().length });
  return spans;
}
