import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { APISIX_PLUGINS } from '../schema/apisix-plugins.js';
import { adviceFor, adviceForValue } from './advice.js';
import { formOf } from './forms.js';
import { unknownHint } from './name-hints.js';
import { adviceForPlugin } from './plugin-advice.js';
import type { Remarks, Report } from './report.js';
import { placeholderHint, typeHint } from './type-hints.js';

/** Tells one schema error as a person would; the root stands at a path. Values are never quoted: they may be secrets. */
export function tell(error: ErrorObject, root: unknown, report: Report, above: Path = []): void {
  const within = pathOf(error.instancePath, root);
  const path = [...above, ...within];
  const remarks: Remarks = isSwitchedOff(within, root) ? { severity: 'warning' } : {};
  const words = WORDS[error.keyword] ?? ((e, p, r, m) => r.error('wrong-value', p, `${r.nameOf(p)} ${e.message ?? 'is not accepted'}`, m));
  words(error, path, report, remarks);
}

type Words = (error: ErrorObject, path: Path, report: Report, remarks: Remarks) => void;

/** How the errors of each keyword are told. */
export const WORDS: Readonly<Record<string, Words>> = {
  type: tellType,
  additionalProperties: tellUnknown,
  required: tellMissing,
  anyOf: tellChoice,
  oneOf: tellChoice,
  not: tellExclusive,
  propertyNames: (e, path, report, m) => report.error('wrong-value', [...path, String(e.params['propertyName'])], 'this is no name of a header', { ...m, spot: 'key' }),
  enum: tellEnum,
  pattern: tellPattern,
  minLength: (e, path, report, m) => refuse(path, report, m, e.data === '' ? 'is empty' : `needs ${e.params['limit']} characters or more`),
  maxLength: (e, path, report, m) => refuse(path, report, m, `is longer than ${e.params['limit']} characters`),
  minItems: ({ params: { limit } }, path, report, m) => refuse(path, report, m, limit === 1 ? 'is an empty list' : `needs ${limit} items or more`),
  minProperties: (e, path, report, m) => refuse(path, report, m, 'says nothing', fewFields(e)),
  uniqueItems: (e, path, report, m) => report.error('wrong-value', [...path, Math.max(Number(e.params['i']), Number(e.params['j']))], `${report.nameOf(path)} has the same entry twice`, { ...m, related: [report.place([...path, Math.min(Number(e.params['i']), Number(e.params['j']))], 'first here')] }),
  minimum: (e, path, report, m) => refuse(path, report, m, `must be at least ${e.params['limit']}`),
  maximum: (e, path, report, m) => refuse(path, report, m, `must be at most ${e.params['limit']}`),
  exclusiveMaximum: (e, path, report, m) => refuse(path, report, m, `must be less than ${e.params['limit']}`),
  multipleOf: (e, path, report, m) => refuse(path, report, m, `must be a multiple of ${e.params['multipleOf']}`),
  maxItems: (e, path, report, m) => refuse(path, report, m, `must have at most ${e.params['limit']} of its entries`),
  maxProperties: (e, path, report, m) => refuse(path, report, m, `must have at most ${e.params['limit']} of its fields`),
  const: (e, path, report, m) => refuse(path, report, m, `must be \`${String(e.params['allowedValue'])}\``),
  contains: (_, path, report, m) => refuse(path, report, m, 'lacks an entry that it needs'),
  dependencies: tellDependency,
  exclusiveMinimum: (e, path, report, m) => refuse(path, report, m, `must be greater than ${e.params['limit']}`),
};

/** Tells of a value of the right kind; where an environment variable makes it, that is the hint. */
function refuse(path: Path, report: Report, remarks: Remarks, words: string, hint?: string, data?: unknown, wanted: readonly string[] = []): void {
  const placeholders = report.placeholders(path);
  const empty = words === 'is empty' ? '' : data;
  report.error('wrong-value', path, `${report.nameOf(path)} ${words}`, { ...remarks, hint: placeholders ? placeholderHint(empty, wanted, placeholders) : hint });
}

function tellPattern(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const { must, hint } = typeof error.data === 'string' && /^[“”„‘’«»]/.test(error.data) ? { ...formOf(error), hint: 'typographic quotes are part of the text: write plain ones, or none' } : formOf(error);
  refuse(path, report, remarks, `must ${must}`, hint, error.data);
}

/** What a mapping may have, if that is quickly said. */
function fewFields({ parentSchema }: ErrorObject): string | undefined {
  const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {}).filter((name) => name !== '_meta');
  return known.length > 0 && known.length <= 4 ? `write ${orList(known)}` : undefined;
}

/** Hints for required fields, where the name alone does not say enough. */
const REQUIRED: Readonly<Record<string, string>> = {
  weight: 'write `weight: 1`: the node\'s share of the requests',
  'upstreams.id': 'routes refer to an upstream by its `id`',
  'plugin_metadata.id': 'it is the name of the plugin',
  nodes: 'for example: {"127.0.0.1:9081": 1}',
  active: 'write `active: {http_path: /healthz}`: without probes a node that failed has no way back',
  'requests.expect': 'what must come of it, for example: {status: 200}',
};

function tellMissing(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const field = String(error.params['missingProperty']);
  report.error('missing-field', path, `${report.nameOf(path)} needs \`${field}\``, { ...remarks, spot: 'key', hint: REQUIRED[field] ?? REQUIRED[`${path[0]}.${field}`] });
}

function tellType(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  if (error.data === null && path.at(-2) === 'plugins' && typeof path.at(-1) === 'string') {
    const plugin = String(path.at(-1));
    const hint = path[0] === 'consumers' ? 'write the credential below it, indented' : `write \`${plugin}: {}\` to use its defaults, or remove the line`;
    report.error('plugin-null', path, `the plugin ${plugin} is configured with nothing`, { ...remarks, spot: 'key', hint });
    return;
  }
  const wanted = [error.params['type'] as string | string[]].flat();
  const placeholders = report.placeholders(path);
  // what a variable holds is never told, only its kind
  const is = placeholders?.alone ? `\${{${placeholders.names.join('')}}} stands for ${KINDS[typeName(error.data)]}` : `is ${kindOf(error.data)}`;
  report.error('wrong-type', path, `${report.nameOf(path)} must be ${kinds(wanted)}, and ${is}`, { ...remarks, hint: typeHint(error, path, placeholders) });
}

function tellUnknown(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const name = String(error.params['additionalProperty']);
  const at = [...path, name];
  const schema = error.parentSchema ?? {};
  const known = Object.keys((schema['properties'] as object | undefined) ?? {});
  if (schema['x-plugins'] === true) return tellUnknownPlugin(name, at, known, report, remarks);
  const unsupported: readonly string[] = schema['x-unsupported'] ?? [];
  if (unsupported.includes(name)) {
    report.error('unsupported-field', at, `\`${name}\` is a field of Apache APISIX that this gateway does not support`, { ...remarks, spot: 'key', hint: adviceFor(name) });
    return;
  }
  const what = report.isSecretName(name) ? 'has a field that nothing knows' : `has no field \`${name}\``;
  report.error('unknown-field', at, `${report.nameOf(path)} ${what}`, { ...remarks, spot: 'key', hint: unknownHint(path, name, known) });
}

function tellUnknownPlugin(name: string, at: Path, known: readonly string[], report: Report, remarks: Remarks): void {
  const told = { ...remarks, spot: 'key' } as const;
  // a plugin that recognises nobody has no place on a consumer
  const where = at[0] === 'consumers' ? 'on a consumer' : 'here';
  const near = suggest(name, known);
  const hint = near ? `did you mean \`${near}\`?` : `plugins ${where}: ${known.join(', ')}`;
  if (APISIX_PLUGINS.has(name)) return report.error('unknown-plugin', at, `the plugin ${name} of Apache APISIX is not supported ${where}`, { ...told, hint: adviceForPlugin(name) ?? `plugins ${where}: ${known.join(', ')}` });
  report.error('unknown-plugin', at, report.isSecretName(name) ? 'there is no plugin of this name' : `there is no plugin \`${name}\``, { ...told, hint });
}

function tellUnknownMetadata(name: string, at: Path, known: readonly string[], report: Report, remarks: Remarks): void {
  const near = suggest(name, known);
  const told = { ...remarks, hint: near ? `did you mean \`${near}\`?` : 'remove it: what it sets, nothing uses' };
  report.error('unknown-plugin', at, APISIX_PLUGINS.has(name) ? `the plugin ${name} of Apache APISIX is not supported here` : 'there is no plugin of this name', told);
}

/** A field that another one asks for is missing. */
function tellDependency(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  report.error('missing-field', [...path, String(error.params['property'])], `\`${error.params['property']}\` needs \`${error.params['missingProperty']}\` beside it`, { ...remarks, spot: 'key' });
}

/** A choice of required fields: one of them is missing, or several are there; or a choice of kinds. */
function tellChoice(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const branches = Array.isArray(error.schema) ? (error.schema as readonly Branch[]) : [];
  const fields = requiredFields(branches);
  const passing = error.params['passingSchemas'] as readonly number[] | null | undefined;
  const types = branches.flatMap(({ type = [] }) => type);
  if (passing && fields.length > 0) return tellBoth(passing.flatMap((i) => branches[i]?.required?.slice(0, 1) ?? []), path, report, remarks);
  if (fields.length === 0 && types.length > 0 && !types.includes(typeName(error.data))) report.error('wrong-type', path, `${report.nameOf(path)} must be ${kinds([...new Set(types)])}, and is ${kindOf(error.data)}`, remarks);
  else if (fields.length === 0) report.error('wrong-value', path, `${report.nameOf(path)} has none of the forms that it may have`, remarks);
  else report.error('missing-field', path, `${report.nameOf(path)} needs ${orList(fields)}`, { ...remarks, spot: 'key' });
}

/** A not of required fields: they exclude each other. */
function tellExclusive(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  tellBoth(requiredFields([error.schema]), path, report, remarks);
}

function tellBoth([first = '', second = '']: readonly string[], path: Path, report: Report, remarks: Remarks): void {
  report.error('conflicting-fields', [...path, second], `${report.nameOf(path)} has both \`${first}\` and \`${second}\``, { ...remarks, spot: 'key', hint: 'keep one of them', related: [report.place([...path, first], 'the other one', 'key')] });
}

function tellEnum(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const values = error.params['allowedValues'] as readonly unknown[];
  const allowed = values.map(String);
  if (error.parentSchema?.['x-plugins'] === true && typeof error.data === 'string') return tellUnknownMetadata(error.data, path, allowed, report, remarks);
  const advice = typeof error.data === 'string' ? adviceForValue(String(path.at(-1)), error.data) : undefined;
  const near = typeof error.data === 'string' ? suggest(error.data, allowed) : undefined;
  refuse(path, report, remarks, `must be ${orList(allowed)}`, advice ?? (near && `did you mean \`${near}\`?`), error.data, values.map(typeName));
}

interface Branch {
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
}

function requiredFields(schemas: unknown): string[] {
  return Array.isArray(schemas) ? schemas.flatMap((s: { required?: string[] }) => s.required ?? []) : [];
}

const orList = (names: readonly string[]): string => {
  const quoted = names.map((n) => `\`${n}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
};

const KINDS: Readonly<Record<string, string>> = { string: 'a text', object: 'a mapping', array: 'a list', integer: 'a whole number', number: 'a number', boolean: 'true or false', null: 'nothing' };
const kinds = (types: readonly string[]): string => types.map((t) => KINDS[t] ?? t).join(' or ');

function kindOf(value: unknown): string {
  return typeof value === 'boolean' ? `\`${value}\`` : (KINDS[typeName(value)] ?? typeof value);
}

const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** The path of a JSON pointer; digits are indexes where the data is a list. */
function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let at: unknown = root;
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(at) ? Number(step) : step);
    at = (at as Record<string, unknown> | undefined)?.[step];
  }
  return path;
}

/** Whether a path leads into a plugin configuration that `_meta.disable` switches off. */
function isSwitchedOff(path: Path, root: unknown): boolean {
  const at = path.indexOf('plugins');
  if (at < 0 || path.length < at + 2 || path[at + 2] === '_meta' || path[0] === 'consumers') return false;
  let value: unknown = root;
  for (const step of [...path.slice(0, at + 2), '_meta', 'disable']) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return value === true;
}
