import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { hasErrors, type Path } from '../diagnostics/diagnostic.js';
import type { Plugin } from '../plugins/plugin.js';
import { fileSchema, optionsPointer, type Config } from '../schema/file.js';
import type { Document } from './document.js';
import { Report } from './report.js';
import { tell } from './schema-words.js';
import type { Outcome } from './source.js';

/** Checks what is configured against the schema of the whole file. */
export interface Validator {
  /** Checks a document, and fills in the defaults. */
  file(document: Document): Outcome<Config>;
  /** Checks the options of a plugin that stand where no schema could tell which plugin it is; whether they are accepted. */
  options(plugin: string, options: unknown, path: Path, report: Report): boolean;
}

/** Makes the validator for a set of plugins; compiling the schema takes some 20 ms, so one serves many loads. */
export function createValidator(plugins: readonly Plugin[]): Validator {
  // that the schema is one is a test's to prove, and to optimise the check's code costs more than it saves: both would slow the start
  const cheap = { validateSchema: false, meta: false, inlineRefs: false, code: { optimize: false } } as const;
  const ajv = new Ajv({ ...cheap, allErrors: true, useDefaults: true, ownProperties: true, verbose: true, strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(['x-unsupported', 'x-plugins']);
  ajv.addSchema(fileSchema(plugins), FILE);
  const check = known(ajv, FILE);
  return {
    file: (document) => validate(document, check),
    options: (plugin, options, path, report) => checkOptions(known(ajv, `${FILE}${optionsPointer(plugin)}`), options, path, report),
  };
}

/** What the schema is known by within this room. */
const FILE = 'file';

function known(ajv: Ajv, name: string): ValidateFunction {
  const check = ajv.getSchema(name);
  if (!check) throw new Error(`there is no schema ${name}`);
  return check;
}

function checkOptions(check: ValidateFunction, options: unknown, path: Path, report: Report): boolean {
  if (check(options)) return true;
  for (const error of withoutBranches(check.errors ?? [])) tell(error, options, report, path);
  return false;
}

function validate(document: Document, check: ValidateFunction): Outcome<Config> {
  const report = new Report(document);
  const config = document.value;
  for (const error of check(config) ? [] : withoutBranches(check.errors ?? [])) {
    if (report.isFull) break;
    tell(error, config, report);
  }
  const { diagnostics } = report;
  // whatever is left out above because something else says it better: a refusal is never silent
  if (check.errors && diagnostics.length === 0) report.error('wrong-value', [], 'the file is not what the schema describes');
  // the schema accepted it, or told only of what is switched off
  return hasErrors(diagnostics) ? { diagnostics } : { value: config as Config, diagnostics };
}

/** Errors within the branches of an anyOf say less than the anyOf itself, an `if` less than what follows from it; and of a value of the wrong kind nothing else counts. */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = new Map(errors.filter((e) => e.keyword === 'anyOf' || e.keyword === 'not').map((e) => [`${e.instancePath} ${e.schemaPath}`, e]));
  const kinds = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  const inBranch = (e: ErrorObject): boolean => /^(.*\/(?:anyOf|not))\/./.exec(e.schemaPath)?.slice(1).some((path) => choices.has(`${e.instancePath} ${path}`)) === true;
  return errors.filter((e) => e.keyword !== 'if' && (e.keyword === 'type' || !kinds.has(e.instancePath)) && !inBranch(e));
}
