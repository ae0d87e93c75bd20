import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Vocabulary } from '../schema/vocabulary.js';
import { isNearSecretName, isSecretField, isSecretName, isSecretVariable } from './secret-names.js';
import { OPEN_BLOCKS } from './secret-places.js';

const isGuarded = (path: readonly string[]): boolean => !OPEN_BLOCKS.has(path[0] ?? '');

/** What of a consumer may be shown; anything else may be a credential in the wrong place. */
const CONSUMER_FIELDS = new Set(['username', 'id', 'name', 'desc', 'group_id', 'create_time', 'update_time']);

/** What of a case for `gateway test` may be shown: nothing of what is sent but its target, without a query. */
const CASE_FIELDS = new Set(['name', 'request', 'from', 'times', 'status', 'route', 'consumer', 'method', 'path', 'node', 'id', 'attempts', 'upstream', 'fault']);
const MESSAGE_FIELDS = new Set(['headers', 'body']);

/** Whether the value counts besides the path: in open blocks that are names of plugins and of modules, and what a limit counts by. */
export const dependsOnValue = (path: readonly string[]): boolean => isGuarded(path) || path.includes('key') || path.slice(-2).includes('plugins');

/** Whether what stands at a path may be a secret. */
export function isSecretValue(path: readonly string[], value: unknown, vocabulary: Vocabulary): boolean {
  // `plugins` written as a list of names, or as one
  if (path[path.at(-1) === '*' ? path.length - 2 : path.length - 1] === 'plugins' && typeof value === 'string' && vocabulary.has(value)) return false;
  return isGuarded(path) ? !isHarmless(path, value) : isSecretInTheOpen(path, value, vocabulary);
}

/** Within a guarded block. */
function isHarmless(path: readonly string[], value: unknown): boolean {
  const name = path.at(-1) ?? '';
  if (path[0] === 'requests') return CASE_FIELDS.has(name) && !path.some((step) => MESSAGE_FIELDS.has(step)) && !String(value).includes('?');
  if (path.includes('plugins')) return path.at(-2) === '_meta' && (name === 'disable' || name === 'priority') && typeof value !== 'string';
  if (path.at(-2) === 'labels') return !isSecretName(name) && !isNearSecretName(name);
  if (path[0] === 'ssls') return isHarmlessOfSsl(path) || (typeof value === 'string' && FILE_NAME.test(value));
  return CONSUMER_FIELDS.has(name) && path.length <= 3;
}

/** What of a certificate may be shown. */
const SSL_FIELDS = new Set(['id', 'desc', 'type', 'sni', 'snis', 'status', 'ssl_protocols', 'validity_start', 'validity_end', 'create_time', 'update_time']);
/** A reference to a file says where a secret is, and not which. */
const FILE_NAME = /^\$file:\/\/[\w./-]{1,200}$/i;
/** The name of a module of plugins. */
const MODULE = /^[\w./-]{1,200}\.m?[jt]s$/;
const CLIENT_FIELDS = new Set(['depth', 'skip_mtls_uri_regex']);

function isHarmlessOfSsl([, , field = '', inner = '', ...deeper]: readonly string[]): boolean {
  if (field === 'client') return CLIENT_FIELDS.has(inner) && deeper.length <= 1 && deeper.every((step) => step === '*');
  return SSL_FIELDS.has(field) && (inner === '' || inner === '*') && deeper.length === 0;
}

function isSecretInTheOpen(path: readonly string[], value: unknown, vocabulary: Vocabulary): boolean {
  if (path[0] === 'gateway' && path[1] === 'plugins' && path.length === 3 && MODULE.test(String(value))) return false;
  const names = path.filter((step) => step !== '*' && step !== '?');
  // where plugins stand within a plugin, the innermost counts
  const at = names.findLastIndex((step) => step === 'plugins' || step === 'auth_plugins');
  const options = at < 0 ? undefined : names.slice(at + 2);
  // `key-auth: some-text`: a credential where options belong
  if (options?.length === 0) return true;
  // what the options of a plugin that nothing here knows hold, nothing here knows
  if (options && !vocabulary.describes(names[at + 1] ?? '')) return true;
  if (options?.some((name) => !vocabulary.isNear(name))) return true;
  return names.some((name, i) => isSecretField(name, i === names.length - 1 ? value : undefined, names[i - 1]) || (!vocabulary.has(name) && soundsSecret(name)) || isMarkedAlone(name, vocabulary));
}

/** Of names that nothing here knows, those of variables and of cookies count too: `vars: {cookie_session: …}`. */
const soundsSecret = (name: string): boolean => isNearSecretName(name) || isSecretVariable(name) || /^cookies?$/i.test(name);

/** Whether a key may itself be a secret: `key-auth: {some-text}`, `key:some-text` without the space. */
export function isSecretKey(path: readonly string[], name: string, pair: Pick<Pair, 'value'>, vocabulary: Vocabulary): boolean {
  // to compare a name with all that are known takes its time
  return isInDoubt(path, name, pair) && !vocabulary.isNear(name);
}

/** Whether a key stands where a secret may have come to stand; its value is looked at last, since it may not be read yet. */
function isInDoubt(path: readonly string[], name: string, pair: Pick<Pair, 'value'>): boolean {
  if (path.length === 0) return !/^[a-z_]{1,24}$/.test(name) && !heads(pair);
  const at = path.indexOf('plugins');
  const inOptions = at >= 0 && path.length > at + 1;
  if (path[0] === 'requests') return isEmpty(pair);
  if (isGuarded(path)) return inOptions || !heads(pair);
  return isWithinSecret(path) || (inOptions && (isAuth(path[at + 1]) || isEmpty(pair)));
}

const heads = ({ value }: Pick<Pair, 'value'>): boolean => isMap(value) || isSeq(value);

const isEmpty = ({ value }: Pick<Pair, 'value'>): boolean => value === null || (isScalar(value) && value.value === null);

/** Whether a mapping stands where a secret belongs; the names of headers are none. */
const isWithinSecret = (path: readonly string[]): boolean => path.some((step, i) => isSecretField(step, undefined, path[i - 1]) && !(step.endsWith('_headers') && i === path.length - 1));

/** What sounds secret is judged by its value too. */
const isMarkedAlone = (name: string, vocabulary: Vocabulary): boolean => vocabulary.isMarked(name) && !isSecretName(name);

/** What recognises callers by their credentials; forward-auth lets another server do it. */
const isAuth = (plugin: string | undefined): boolean => plugin?.endsWith('-auth') === true && plugin !== 'forward-auth';
