import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { APISIX_PLUGINS } from '../schema/apisix-plugins.js';
import { adviceFor, adviceForValue } from './advice.js';
import { tellChoice, tellExclusive } from './choice-words.js';
import { fieldHint } from './field-hints.js';
import { formOf } from './forms.js';
import { KINDS, kindOf, kinds, orList, typeName } from './kinds.js';
import { unknownHint } from './name-hints.js';
import { OTHER_PLUGINS } from './other-names.js';
import { adviceForPlugin } from './plugin-advice.js';
import type { Remarks, Report } from './report.js';
import { typeHint } from './type-hints.js';
import { placeholderHint } from './variable-hints.js';

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
  const { must, hint } = formOf(error);
  refuse(path, report, remarks, `must ${must}`, hint, error.data);
}

/** What a mapping may have, if that is quickly said. */
function fewFields({ parentSchema }: ErrorObject): string | undefined {
  const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {}).filter((name) => name !== '_meta');
  return known.length > 0 && known.length <= 4 ? `write ${orList(known)}` : undefined;
}

function tellMissing(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const field = String(error.params['missingProperty']);
  report.error('missing-field', path, `${report.nameOf(path)} needs \`${field}\``, { ...remarks, spot: 'key', hint: fieldHint(field, error.parentSchema, path) });
}

function tellType(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  if (error.data === null && path.at(-2) === 'plugins' && typeof path.at(-1) === 'string') {
    const plugin = String(path.at(-1));
    const hint = besideHint(error) ?? (path[0] === 'consumers' ? 'write the credential below it, indented' : `write \`${plugin}: {}\` to use its defaults, or remove the line`);
    report.error('plugin-null', path, `the plugin ${plugin} is configured with nothing`, { ...remarks, spot: 'key', hint });
    return;
  }
  const wanted = [error.params['type'] as string | string[]].flat();
  const placeholders = report.placeholders(path);
  // what a variable holds is never told, only its kind
  const fraction = wanted.includes('integer') && typeof error.data === 'number';
  const is = placeholders?.alone ? `\${{${placeholders.names.join('')}}} stands for ${KINDS[typeName(error.data)]}` : `is ${fraction ? 'a number with a fraction' : kindOf(error.data)}`;
  const hint = besideHint(error) ?? writtenHint(error, wanted, path, report) ?? typeHint(error, path, placeholders);
  report.error('wrong-type', path, `${report.nameOf(path)} must be ${kinds(wanted)}, and ${is}`, { ...remarks, hint });
}

/** What the way tells in which a value of the wrong kind is written. */
function writtenHint({ data }: ErrorObject, wanted: readonly string[], path: Path, report: Report): string | undefined {
  if (data === null) return report.isComment(path) ? 'what begins with `#` is a comment: put a text with a `#` into quotes' : undefined;
  const first = report.firstOf(path);
  if (typeof data === 'string' && /[|>]/.test(first) && !wanted.includes('string')) return `remove the \`${first}\`: what follows it is read as a text`;
  return first === '{' && wanted.includes('array') && !wanted.includes('object') && path.length > 0 ? 'put the entries into `[` and `]`' : undefined;
}

/** What stands beside an empty entry, and belongs below it. */
function besideHint({ params }: ErrorObject): string | undefined {
  const beside = params['beside'] as readonly string[] | undefined;
  return beside && (beside.length > 0 ? `indent ${beside.map((name) => `\`${name}\``).join(', ')} further: below it, and not beside it` : 'indent what stands below it further');
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
  report.error('unknown-field', at, `${report.nameOf(path)} ${what}`, { ...remarks, spot: 'key', hint: unknownHint(path, { name, known, value: (error.data as Readonly<Record<string, unknown>>)[name], elsewhere: schema['x-elsewhere'] as readonly string[] | undefined }) });
}

function tellUnknownPlugin(name: string, at: Path, known: readonly string[], report: Report, remarks: Remarks): void {
  const told = { ...remarks, spot: 'key' } as const;
  // a plugin that recognises nobody has no place on a consumer
  const where = at[0] === 'consumers' ? 'on a consumer' : 'here';
  const meant = Object.hasOwn(OTHER_PLUGINS, name.toLowerCase()) ? OTHER_PLUGINS[name.toLowerCase()] : undefined;
  const near = meant !== undefined && known.includes(meant) ? meant : suggest(name, known);
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

function tellEnum(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const values = error.params['allowedValues'] as readonly unknown[];
  const allowed = values.map(String);
  if (error.parentSchema?.['x-plugins'] === true && typeof error.data === 'string') return tellUnknownMetadata(error.data, path, allowed, report, remarks);
  const { data } = error;
  const advice = typeof data === 'string' ? adviceForValue(String(path.findLast((step) => typeof step === 'string')), data) : undefined;
  const near = typeof data === 'string' ? suggest(data.replace(/[:/]+$/, ''), allowed) : undefined;
  const quoted = near !== undefined && near === data ? 'remove the quotes: quoted it is a text' : undefined;
  refuse(path, report, remarks, `must be ${orList(allowed)}`, advice ?? quoted ?? (near && `did you mean \`${near}\`?`), error.data, values.map(typeName));
}

/** The path of a JSON pointer; digits are indexes where the data is a list. */
export function pathOf(pointer: string, root: unknown): Path {
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
