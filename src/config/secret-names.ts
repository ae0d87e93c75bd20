import { suggest } from '../diagnostics/suggest.js';

/** What the name of a secret sounds like; better one field too many than one too few. */
const SECRET = /key|secret|passw|passphrase|passcode|pwd|token|credential|private|bearer|authorization|^(req|extra)_headers$|^http_req_body$/i;

/** Names that sound so and hold no secret. */
const HARMLESS = /^(.*-auth|hide_credentials|allow_credentials?|credentials?_header|key_claim_name|key_type)$/i;

const TYPICAL = ['key', 'keys', 'secret', 'password', 'token'];

/** Whether a field of this name may hold a secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}

/** Whether a name looks like a mistyped name of a secret: `kye`, `secrte`. */
export function isNearSecretName(name: string): boolean {
  return name.length < 20 && suggest(name, TYPICAL) !== undefined;
}

/**
 * Whether a header, a cookie's or an argument's name tells that callers are recognised by what it holds: of messages nobody here
 * knows the names, so more of them count than of fields.
 */
export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || /cookie|auth(?!or(?!i))|jwt|session|signature|[cx]srf|(?:^|[-_.])(?:sid|otp|pin)$/i.test(name);
}

/** Families of variables that hold a part of what a client sent, for patterns. */
export const FAMILY = 'http|arg|cookie|uri_param|post_arg';

const SENT = new RegExp(String.raw`^\$?(?:sent_)?(${FAMILY})[_.](.+)$`);

/** Whether a variable of a request may hold a secret: a cookie, `http_…` or `arg_…` of such a name, or all arguments, or the body. */
export function isSecretVariable(name: string): boolean {
  const [, family = '', held = ''] = SENT.exec(name) ?? [];
  return family === 'cookie' || (family !== '' && isSecretHeader(held)) || /^\$?(?:args|query_string|request_body)$/.test(name);
}

/** How many parts a rule has at the most: `[variable, "!", operator, value]`. */
export const LONGEST_RULE = 4;

/**
 * Where a list names what callers are recognised by, if it is a rule on that: `[http_authorization, "==", …]`, or the other
 * way round. All of it but operators may be the secret then.
 */
export function secretOfRule(rule: readonly unknown[]): number | undefined {
  if (rule.length < 2) return undefined;
  const named = rule.findIndex((part) => typeof part === 'string' && isSecretVariable(part));
  if (named >= 0) return named;
  return typeof rule[0] === 'string' && (isSecretName(rule[0]) || isNearSecretVariable(rule[0])) && isOperator(rule[1]) ? 0 : undefined;
}

/** Whether a name looks like a mistyped variable that may hold a secret: `cooky_session`, `htp_x_token`. */
function isNearSecretVariable(name: string): boolean {
  const [, start = '', held = ''] = /^\$?(\w{2,8}?)[_.-]([\w.-]+)$/.exec(name) ?? [];
  const family = suggest(start, ['cookie', 'http', 'arg']);
  return family !== undefined && isSecretVariable(`${family}_${held}`);
}

/** Whether a part of a rule is its operator, or names a variable. */
export const isSpoken = (part: unknown): boolean => isOperator(part) || (typeof part === 'string' && isSecretVariable(part));

const isOperator = (part: unknown): boolean => typeof part === 'string' && /^(?:[!=<>~*]{1,3}|in|has|ipmatch)$/i.test(part);

/** Variables of a request, by which a rate limit tells callers apart under the name `key`. */
const VARIABLE = /^\$?(remote_addr|remote_port|server_addr|server_name|host|hostname|uri|request_uri|query_string|consumer_name|route_id|service_id)$/;

/** Whether the value of a field may be a secret, judged by the field's name, by that of what holds it and, for `key`, by the value. */
export function isSecretField(name: string, value: unknown, holder = ''): boolean {
  if (holder.endsWith('headers') && isSecretHeader(name)) return true;
  return isSecretName(name) && !(name === 'key' && typeof value === 'string' && VARIABLE.test(value));
}
