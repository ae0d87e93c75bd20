import { dirname, join } from 'node:path';
import type { Environment } from '../config/placeholders.js';
import { readSource, type Source } from '../config/source.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { createLoader, type Loader } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import type { Plugin } from '../plugins/plugin.js';
import { Store } from '../state/store.js';
import { createCaseLoader, type Case, type CaseLoader } from './load.js';
import { overheard } from './overhear.js';
import { runCases, type CaseResult } from './run.js';
import { Stubs } from './stub.js';

/** What files of cases came to. */
export interface TestRun {
  /** The configuration file. */
  readonly config: string;
  /** Errors of the configuration and of the files of cases; if there are any, no case was sent. Warnings are for `gateway validate` to tell. */
  readonly diagnostics: readonly Diagnostic[];
  readonly results: readonly CaseResult[];
  /** Ids of routes that no case met. */
  readonly unmet: readonly string[];
  /** Whether all was sent, and came as expected. */
  readonly passed: boolean;
}

/** The file of cases that belongs to a configuration: `requests.yaml` beside it. */
export const casesBeside = (config: string): string => join(dirname(config), 'requests.yaml');

/** Sends the cases of files through the gateway that a configuration file describes. */
export async function testFiles(config: string, requests: readonly string[], plugins: readonly Plugin[], env: Environment): Promise<TestRun> {
  const source = await readSource(config);
  if (!source.value) return { config, diagnostics: source.diagnostics, results: [], unmet: [], passed: false };
  const { ofConfig, ofCases, results, unmet } = await createTester(plugins, env)(source.value, requests);
  const diagnostics = [...ofConfig, ...ofCases].filter(({ severity }) => severity === 'error');
  return { config, diagnostics, results, unmet, passed: diagnostics.length === 0 && results.every(({ failures }) => failures.length === 0) };
}

/** What cases came to on a configuration. */
export interface Tested extends Pick<TestRun, 'results' | 'unmet'> {
  /** What there is to say of the configuration, and of the files of cases; with an error among them no case was sent. */
  readonly ofConfig: readonly Diagnostic[];
  readonly ofCases: readonly Diagnostic[];
}

/**
 * Sends the cases of files through the gateway that a configuration describes, with stubs in place of its upstreams; one
 * configuration at a time. Each file of cases meets a gateway of its own.
 */
export type Tester = (source: Source, requests: readonly string[]) => Promise<Tested>;

/** Makes a Tester. */
export function createTester(plugins: readonly Plugin[], env: Environment): Tester {
  const stubs = new Stubs();
  const credentials = new Set<string>();
  const overhear = (some: readonly Plugin[]): Plugin[] => overheard(some, (credential) => credentials.add(credential));
  const loader = createLoader(overhear(plugins), env, { connect: stubs.connect, lively: false, watch: overhear });
  const loadCases = createCaseLoader(env);
  return async (text, requests) => {
    const source = await withModules(text, env);
    const { diagnostics: ofConfig, routes } = check(source, loader);
    const files = await Promise.all(requests.map((file) => readCases(file, loadCases, hasErrors(ofConfig) ? undefined : routes)));
    const ofCases = files.flatMap(({ diagnostics }) => diagnostics);
    const results: CaseResult[] = [];
    if (hasErrors([...ofConfig, ...ofCases])) return { ofConfig, ofCases, results, unmet: [] };
    for (const { cases } of files) results.push(...await runCases(cases, source, loader, { stubs, credentials }));
    const met = new Set(results.map(({ route }) => route));
    return { ofConfig, ofCases, results, unmet: routes.filter((id) => !met.has(id)) };
  };
}

/** What there is to say of a configuration, and the ids of its routes. */
function check(source: Source, loader: Loader): { readonly diagnostics: readonly Diagnostic[]; readonly routes: readonly string[] } {
  const { value, diagnostics } = loader(source, new Store(), 1);
  value?.table.retire(() => {});
  return { diagnostics, routes: value?.table.routes.map(({ id }) => id) ?? [] };
}

/** What is said of configuration files, and would mislead about files of cases. */
const HINTS: Partial<Record<Diagnostic['code'], string>> = {
  'file-missing': 'write it (docs/testing.md shows how), or name another',
  'file-unreadable': 'name another',
  'file-empty': 'write `requests:`, and the cases below it',
};

async function readCases(file: string, load: CaseLoader, routes: readonly string[] | undefined): Promise<{ readonly cases: readonly Case[]; readonly diagnostics: readonly Diagnostic[] }> {
  const source = await readSource(file);
  const { value: cases = [], diagnostics } = source.value ? load(source.value, routes) : { diagnostics: source.diagnostics };
  return { cases, diagnostics: diagnostics.map((d) => ({ ...d, ...(HINTS[d.code] !== undefined && { hint: HINTS[d.code] }) })) };
}
