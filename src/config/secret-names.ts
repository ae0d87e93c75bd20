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

/** Variables of a request, by which a rate limit tells callers apart under the name `key`. */
const VARIABLE = /^\$?(remote_addr|remote_port|server_addr|server_name|host|hostname|uri|request_uri|query_string|consumer_name|route_id|service_id)$/;

/** Whether the value of a field may be a secret, judged by the field's name and, for `key`, by the value. */
export function isSecretField(name: string, value: unknown): boolean {
  return isSecretName(name) && !(name === 'key' && typeof value === 'string' && VARIABLE.test(value));
}
