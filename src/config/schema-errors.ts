import type { ErrorObject } from 'ajv';
import { meantField } from './name-hints.js';

/** Of all errors of a schema those that tell something: one slip of the pen makes several, and most are its consequence. */
export function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  return withoutMisspelt(withoutBranches(errors));
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

/** A field that is missing because its name is misspelt is told once, where it stands. */
function withoutMisspelt(errors: readonly ErrorObject[]): ErrorObject[] {
  // to look for what was meant takes its time, and there may be thousands of unknown fields
  const lacking = new Set(errors.flatMap((e) => (missingOf(e).length > 0 ? [e.instancePath] : [])));
  const meant = new Set(errors.flatMap(({ keyword, instancePath, params, parentSchema }) => {
    const field = keyword === 'additionalProperties' && lacking.has(instancePath) ? meantField(String(params['additionalProperty']), Object.keys((parentSchema?.['properties'] as object | undefined) ?? {})) : undefined;
    return field === undefined ? [] : [`${instancePath} ${field}`];
  }));
  if (meant.size === 0) return [...errors];
  return errors.filter((e) => !missingOf(e).some((field) => meant.has(`${e.instancePath} ${field}`)));
}

function missingOf({ keyword, params, schema }: ErrorObject): readonly string[] {
  if (keyword === 'required') return [String(params['missingProperty'])];
  return keyword === 'anyOf' && Array.isArray(schema) ? schema.flatMap(({ required = [] }: { required?: string[] }) => required) : [];
}
