import { isIP } from 'node:net';
import { parse } from '../config/parse.js';
import type { Environment } from '../config/placeholders.js';
import { Report } from '../config/report.js';
import type { Outcome, Source } from '../config/source.js';
import { validatorOf } from '../config/validate.js';
import type { Document } from '../config/document.js';
import { hasErrors, type Path, type Range } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { casesSchema, type CaseConfig, type CasesConfig } from '../schema/cases.js';
import { Vocabulary } from '../schema/vocabulary.js';

/** One case of a file. */
export interface Case {
  readonly name: string;
  readonly config: CaseConfig;
  readonly place: Range;
  /** Where something that the case expects stands. */
  placeOf(path: Path): Range;
}

/** Turns the text of a file of cases into cases, or tells everything that is wrong with it; also which routes there are not, if those that there are can be told. */
export type CaseLoader = (source: Source, routes?: readonly string[]) => Outcome<readonly Case[]>;

/** Makes the loader of files of cases; they go through the same stages as configurations, and tell of mistakes likewise. */
export function createCaseLoader(env: Environment): CaseLoader {
  const validate = validatorOf<CasesConfig>(casesSchema);
  const vocabulary = new Vocabulary(casesSchema);
  return (source, routes) => {
    const { value: document, diagnostics } = parse(source, env, vocabulary);
    if (!document) return { diagnostics };
    const validated = validate(document);
    if (!validated.value) return { diagnostics: validated.diagnostics };
    return check(validated.value.requests, document, routes);
  };
}

/** What no schema can tell. */
function check(requests: readonly CaseConfig[], document: Document, routes: readonly string[] | undefined): Outcome<readonly Case[]> {
  const report = new Report(document);
  for (const [i, { from, expect }] of requests.entries()) {
    const path: Path = ['requests', i];
    if (isIP(from) === 0) report.error('wrong-value', [...path, 'from'], `${report.nameOf([...path, 'from'])} must be an IP address`, { hint: 'for example: 203.0.113.7' });
    if (routes) checkRoute(expect.route, [...path, 'expect', 'route'], routes, report);
    checkPatterns(expect.headers, [...path, 'expect', 'headers'], report);
    if (typeof expect.upstream === 'object') checkPatterns(expect.upstream.headers, [...path, 'expect', 'upstream', 'headers'], report);
  }
  const { diagnostics } = report;
  return hasErrors(diagnostics) ? { diagnostics } : { value: requests.map((config, i) => caseOf(config, i, document)), diagnostics };
}

function checkRoute(route: CaseConfig['expect']['route'], path: Path, routes: readonly string[], report: Report): void {
  if (route === undefined || typeof route === 'boolean' || routes.includes(String(route))) return;
  const near = suggest(String(route), routes);
  report.error('dangling-reference', path, `there is no route \`${route}\``, { hint: near === undefined ? 'without an `id` a route goes by its place in the file: `arr_1`, `arr_2`, …' : `did you mean \`${near}\`?` });
}

function checkPatterns(headers: CaseConfig['expect']['headers'], path: Path, report: Report): void {
  for (const [name, wanted] of Object.entries(headers ?? {})) {
    if (typeof wanted !== 'string' && !isPattern(wanted.matches)) report.error('wrong-value', [...path, name, 'matches'], 'this is no regular expression');
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function caseOf(config: CaseConfig, index: number, document: Document): Case {
  const path: Path = ['requests', index];
  return {
    name: config.name ?? config.request,
    config,
    place: document.locate(path),
    placeOf: (within) => document.locate([...path, 'expect', ...within]),
  };
}
