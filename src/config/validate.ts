import type { ValidateFunction } from 'ajv';
import { hasErrors, type Diagnostic, type Path } from '../diagnostics/diagnostic.js';
import type { Plugin } from '../plugins/plugin.js';
import { fileSchema, optionsPointer, type Config, type SchemaObject } from '../schema/file.js';
import { checksOf } from './checks.js';
import type { Document } from './document.js';
import { besides, completed, placeOf, setAside, type Remainder } from './remainder.js';
import { MOST_DIAGNOSTICS, Report } from './report.js';
import { telling } from './schema-errors.js';
import { pathOf, tell } from './schema-words.js';
import type { Outcome } from './source.js';

/** Checks a document against a schema, and fills in the defaults. */
export type Validator<T> = (document: Document) => Outcome<T>;

/** A configuration, or what is wrong with it and what could be made of the rest. */
export interface Validated extends Outcome<Config> {
  readonly rest?: Rest;
}

/** A configuration without the parts that were refused, in which to look for what else is wrong. */
export interface Rest extends Pick<Remainder, 'namesLost'> {
  readonly config: Config;
}

/** Checks what is configured. */
export interface ConfigValidator {
  /** `told`: what was said of the document before; with errors among that nothing comes of it but a rest. */
  document(document: Document, told: readonly Diagnostic[]): Validated;
  /** Checks the options of a plugin that stand where no schema could tell which plugin it is; whether they are accepted. */
  options(plugin: string, options: unknown, path: Path, report: Report): boolean;
}

/** Makes the validator of configuration files for a set of plugins. */
export function createValidator(plugins: readonly Plugin[]): ConfigValidator {
  const checks = checksOf(fileSchema(plugins));
  return {
    document: (document, told) => {
      const { value, diagnostics: found } = validate<Config>(document, checks.whole);
      if (value && !hasErrors(told)) return { value, diagnostics: [...told, ...found] };
      const diagnostics = [...told, ...besides(told, found)];
      const rest = diagnostics.length < MOST_DIAGNOSTICS ? restOf(document, diagnostics, checks.whole) : undefined;
      return { diagnostics, ...(rest && { rest }) };
    },
    options: (plugin, options, path, report) => checkOptions(checks.at(optionsPointer(plugin)), options, path, report),
  };
}

/** Makes the validator of a schema, which is believed to describe the type; compiling it takes some 20 ms, so one serves many loads. */
export function validatorOf<T>(schema: SchemaObject): Validator<T> {
  const { whole } = checksOf(schema);
  return (document) => validate<T>(document, whole);
}

/** Without the faulty fields, then with something in their place, and last without the resources that need them. */
function restOf({ value }: Document, told: readonly Diagnostic[], check: ValidateFunction): Rest | undefined {
  let left = setAside({ value, namesLost: new Set() }, told.map(placeOf));
  for (const mend of [completed, setAside, undefined]) {
    if (!left) return undefined;
    const faulty = faultyIn(left, check);
    if (faulty.length === 0) return { config: left.value as Config, namesLost: left.namesLost };
    left = mend?.(left, faulty);
  }
  return undefined;
}

/** The places of the resources that the schema refuses. */
function faultyIn({ value }: Remainder, check: ValidateFunction): readonly Path[] {
  return check(value) ? [] : (check.errors ?? []).map(({ instancePath }) => pathOf(instancePath, value).slice(0, 2));
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
