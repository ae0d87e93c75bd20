import type { ErrorObject } from 'ajv';
import { foreignFile } from './foreign-files.js';
import { meantFields } from './name-hints.js';

/** Of all errors of a schema those that tell something: one slip of the pen makes several, and most are its consequence. */
export function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  return onceForeign(withoutMisspelt(withoutUnindented(withoutBranches(errors))));
}

/**
 * Errors within the branches of a choice say less than the choice itself (and an `if` less than what follows), unless only one branch is for a value of this
 * kind: then its errors are what is wrong. And of a value of the wrong kind nothing else counts.
 */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const types = new Set(errors.filter((e) => e.keyword === 'type').map(keyOf));
  /** Each choice that failed, with the one branch that tells more. */
  const choices = new Map(errors.filter(isChoice).map((e) => [keyOf(e), branchOf(e, types)]));
  const rest = errors.filter((e) => e.keyword !== 'if' && (e.propertyName === undefined || e.keyword === 'propertyNames')).filter((e) => choices.get(keyOf(e)) === undefined && !isWithin(e, choices));
  const kinds = new Set(rest.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  return rest.filter((e) => e.keyword === 'type' || !kinds.has(e.instancePath));
}

const keyOf = ({ instancePath, schemaPath }: ErrorObject): string => `${instancePath} ${schemaPath}`;

const isChoice = ({ keyword }: ErrorObject): boolean => keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'not';

/** The path of the one branch of a choice that is for values of this kind, if there is one, and there are others. */
function branchOf({ keyword, instancePath, schemaPath, schema, params }: ErrorObject, types: ReadonlySet<string>): string | undefined {
  if (keyword === 'not' || !Array.isArray(schema) || schema.length < 2 || Array.isArray(params['passingSchemas'])) return undefined;
  const [only, ...others] = schema.map((_, i) => `${schemaPath}/${i}`).filter((branch) => !types.has(`${instancePath} ${branch}/type`));
  return others.length === 0 ? only : undefined;
}

/** Whether an error lies in a branch of a choice that failed as a whole. */
function isWithin({ instancePath, schemaPath }: ErrorObject, choices: ReadonlyMap<string, string | undefined>): boolean {
  return Array.from(schemaPath.matchAll(/\/(?:anyOf|oneOf|not)(?=\/)/g)).some(({ 0: keyword, index }) => {
    const choice = schemaPath.slice(0, index + keyword.length);
    // the choice is about the same value, or about one that holds it
    for (let end = instancePath.length; end >= 0; end = end === 0 ? -1 : instancePath.lastIndexOf('/', end - 1)) {
      const key = `${instancePath.slice(0, end)} ${choice}`;
      if (choices.has(key)) return !schemaPath.startsWith(`${choices.get(key) ?? '-'}/`);
    }
    return false;
  });
}

/** Fields that stand beside the one that they belong below are told once, with the one that is empty for it. */
function withoutUnindented(errors: readonly ErrorObject[]): ErrorObject[] {
  const unknown = unknownFields(errors);
  const told = new Set<ErrorObject>();
  const rest = errors.map((error) => {
    if (error.keyword !== 'type' || error.data !== null) return error;
    const below = fieldsBelow(error, unknown);
    if (below.length === 0) return error;
    for (const other of below) told.add(other);
    const known = error.parentSchema?.['properties'] as object | undefined;
    return { ...error, params: { ...error.params, beside: below.map(nameOf).filter((name) => known && Object.hasOwn(known, name)) } };
  });
  return rest.filter((error) => !told.has(error));
}

/** The unknown fields of a mapping, and the order of all that it has. */
interface Unknown {
  readonly fields: ErrorObject[];
  readonly order: ReadonlyMap<string, number>;
}

/** By the path of their mapping: there may be thousands in one. */
function unknownFields(errors: readonly ErrorObject[]): ReadonlyMap<string, Unknown> {
  const found = new Map<string, Unknown>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const unknown = found.get(error.instancePath) ?? { fields: [], order: new Map(Object.keys((error.data ?? {}) as object).map((name, i) => [name, i])) };
    unknown.fields.push(error);
    found.set(error.instancePath, unknown);
  }
  return found;
}

const nameOf = ({ params }: ErrorObject): string => String(params['additionalProperty']);

/** The unknown fields that follow an empty one in the same mapping, and would be known below it. */
function fieldsBelow({ instancePath, parentSchema = {} }: ErrorObject, unknown: ReadonlyMap<string, Unknown>): ErrorObject[] {
  const at = instancePath.lastIndexOf('/');
  const { fields, order } = unknown.get(instancePath.slice(0, at)) ?? {};
  if (!fields || !order) return [];
  const empty = order.get(instancePath.slice(at + 1).replaceAll('~1', '/').replaceAll('~0', '~')) ?? -1;
  const takesAny = typeof parentSchema['additionalProperties'] === 'object';
  const properties = (parentSchema['properties'] ?? {}) as object;
  return fields.filter((field) => (order.get(nameOf(field)) ?? -1) >= empty && (takesAny || Object.hasOwn(properties, nameOf(field))));
}

/** A field that is missing because its name is misspelt is told once, where it stands. */
function withoutMisspelt(errors: readonly ErrorObject[]): ErrorObject[] {
  // to look for what was meant takes its time, and there may be thousands of unknown fields
  const lacking = new Set(errors.flatMap((e) => (missingOf(e).length > 0 ? [e.instancePath] : [])));
  const meant = new Set(errors.flatMap(({ keyword, instancePath, params, parentSchema, data }) => {
    if (keyword !== 'additionalProperties' || !lacking.has(instancePath)) return [];
    const name = String(params['additionalProperty']);
    const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
    return meantFields(name, known, (data as Readonly<Record<string, unknown>>)[name]).map((field) => `${instancePath} ${field}`);
  }));
  if (meant.size === 0) return [...errors];
  return errors.filter((e) => !missingOf(e).some((field) => meant.has(`${e.instancePath} ${field}`)));
}

/** Of a file that is another program's, one field tells it. */
function onceForeign(errors: readonly ErrorObject[]): ErrorObject[] {
  const told = new Set<string>();
  return errors.filter((error) => {
    if (error.keyword !== 'additionalProperties' || error.instancePath !== '') return true;
    const file = foreignFile(nameOf(error), (error.data as Readonly<Record<string, unknown>>)[nameOf(error)]);
    if (file === undefined) return true;
    const isFirst = !told.has(file);
    told.add(file);
    return isFirst;
  });
}

function missingOf({ keyword, params, schema }: ErrorObject): readonly string[] {
  if (keyword === 'required') return [String(params['missingProperty'])];
  return (keyword === 'anyOf' || keyword === 'oneOf') && Array.isArray(schema) ? schema.flatMap(({ required = [] }: { required?: string[] }) => required) : [];
}
