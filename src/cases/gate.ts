import type { Environment } from '../config/placeholders.js';
import type { Source } from '../config/source.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plugin } from '../plugins/plugin.js';
import { createTester } from './files.js';
import type { CaseResult, Failure } from './run.js';

/** Tells why a content of the configuration file must not be applied; nothing when it may, as far as cases can tell. */
export type Gate = (source: Source) => Promise<readonly Diagnostic[]>;

/** Makes a gate of files of cases, which are read anew each time. What is wrong with a content itself is left to who loads it. */
export function createGate(requests: readonly string[], plugins: readonly Plugin[], env: Environment): Gate {
  const test = createTester(plugins, env);
  return async (source) => {
    const { ofConfig, ofCases, results } = await test(source, requests);
    if (hasErrors(ofConfig)) return [];
    return [...ofCases.filter(({ severity }) => severity === 'error'), ...results.flatMap((result) => result.failures.map((failure) => told(result, failure)))];
  };
}

function told({ name, request }: CaseResult, { what, expected, actual, place }: Failure): Diagnostic {
  const subject = name === request ? '' : ` (${request})`;
  return { code: 'case-failed', severity: 'error', path: [], range: place, message: `the case \`${name}\`${subject} fails: ${what}: expected ${brief(expected)}, got ${brief(actual)}` };
}

/** What of a body is told in one line. */
const LONGEST = 200;

const brief = (text: string): string => JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
