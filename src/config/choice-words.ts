import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.js';
import { fieldHint } from './field-hints.js';
import { kindOf, kinds, orList, typeName } from './kinds.js';
import type { Remarks, Report } from './report.js';

/** A choice of required fields: one of them is missing, or several are there; or a choice of kinds. */
export function tellChoice(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  const branches = Array.isArray(error.schema) ? (error.schema as readonly Branch[]) : [];
  const fields = requiredFields(branches);
  const passing = error.params['passingSchemas'] as readonly number[] | null | undefined;
  const types = branches.flatMap(({ type = [] }) => type);
  if (passing && fields.length > 0) return tellBoth(passing.flatMap((i) => branches[i]?.required?.slice(0, 1) ?? []), path, report, remarks);
  if (fields.length === 0 && types.length > 0 && !types.includes(typeName(error.data))) report.error('wrong-type', path, `${report.nameOf(path)} must be ${kinds([...new Set(types)])}, and is ${kindOf(error.data)}`, remarks);
  else if (fields.length === 0) report.error('wrong-value', path, `${report.nameOf(path)} has none of the forms that it may have`, remarks);
  else report.error('missing-field', path, `${report.nameOf(path)} needs ${orList(fields)}`, { ...remarks, spot: 'key', hint: fieldHint(fields[0] ?? '', error.parentSchema, path) });
}

/** A not of required fields: they exclude each other. */
export function tellExclusive(error: ErrorObject, path: Path, report: Report, remarks: Remarks): void {
  tellBoth(requiredFields([error.schema]), path, report, remarks);
}

function tellBoth([first = '', second = '']: readonly string[], path: Path, report: Report, remarks: Remarks): void {
  report.error('conflicting-fields', [...path, second], `${report.nameOf(path)} has both \`${first}\` and \`${second}\``, { ...remarks, spot: 'key', hint: 'keep one of them', related: [report.place([...path, first], 'the other one', 'key')] });
}

interface Branch {
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
}

function requiredFields(schemas: unknown): string[] {
  return Array.isArray(schemas) ? schemas.flatMap((s: { required?: string[] }) => s.required ?? []) : [];
}
