import type { ValidateFunction } from 'ajv';
import { hasErrors, type Path } from '../diagnostics/diagnostic.js';
import type { Plugin } from '../plugins/plugin.js';
import { fileSchema, optionsPointer, type Config, type SchemaObject } from '../schema/file.js';
import { checksOf } from './checks.js';
import type { Document } from './document.js';
import { Report } from './report.js';
import { telling } from './schema-errors.js';
import { tell } from './schema-words.js';
import type { Outcome } from './source.js';

/** Checks a document against a schema, and fills in the defaults. */
export type Validator<T> = (document: Document) => Outcome<T>;

/** Checks what is configured. */
export interface ConfigValidator {
  readonly document: Validator<Config>;
  /** Checks the options of a plugin that stand where no schema could tell which plugin it is; whether they are accepted. */
  options(plugin: string, options: unknown, path: Path, report: Report): boolean;
}

/** Makes the validator of configuration files for a set of plugins. */
export function createValidator(plugins: readonly Plugin[]): ConfigValidator {
  const checks = checksOf(fileSchema(plugins));
  return {
    document: (document) => validate<Config>(document, checks.whole),
    options: (plugin, options, path, report) => checkOptions(checks.at(optionsPointer(plugin)), options, path, report),
  };
}

/** Makes the validator of a schema, which is believed to describe the type; compiling it takes some 20 ms, so one serves many loads. */
export function validatorOf<T>(schema: SchemaObject): Validator<T> {
  const { whole } = checksOf(schema);
  return (document) => validate<T>(document, whole);
}

function checkOptions(check: ValidateFunction, options: unknown, path: Path, report: Report): boolean {
  if (check(options)) return true;
  for (const error of telling(check.errors ?? [])) tell(error, options, report, path);
  return false;
}

function validate<T>(document: Document, check: ValidateFunction): Outcome<T> {
  const report = new Report(document);
  const data = document.value;
  for (const error of check(data) ? [] : telling(check.errors ?? [])) {
    if (report.isFull) break;
    tell(error, data, report);
  }
  const { diagnostics } = report;
  // whatever is left out above because something else says it better: a refusal is never silent
  if (check.errors && diagnostics.length === 0) report.error('wrong-value', [], 'the file is not what the schema describes');
  // the schema accepted it, or told only of what is switched off
  return hasErrors(diagnostics) ? { diagnostics } : { value: data as T, diagnostics };
}
