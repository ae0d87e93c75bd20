import type { Source } from '../config/source.js';
import type { Range } from '../diagnostics/diagnostic.js';
import type { Loader } from '../load.js';
import { Store } from '../state/store.js';
import { judge, type Mismatch } from './judge.js';
import type { Case } from './load.js';
import { expectedOf, maskOf } from './mask.js';
import { portsOf } from './ports.js';
import { NoAnswer, Rig, type Observed } from './rig.js';
import type { Stubs } from './stub.js';

/** What a case came to. */
export interface CaseResult {
  readonly name: string;
  readonly request: string;
  readonly place: Range;
  /** The route that the request met. */
  readonly route: string | undefined;
  readonly milliseconds: number;
  /** None: it passed. Secrets of the request are masked. */
  readonly failures: readonly Failure[];
}

/** One thing that did not come as it was expected, and where that stands. */
export interface Failure extends Omit<Mismatch, 'path'> {
  readonly place: Range;
}

/** What cases are run with. */
export interface Scenery {
  readonly stubs: Stubs;
  /** What plugins recognised callers by, or did not, since it was cleared. */
  readonly credentials: Set<string>;
}

/**
 * Sends cases, one after the other, through a gateway of their own on a configuration that is good. `load` must have been
 * made with the connections of the stubs, and of plugins that tell what they recognise callers by.
 */
export async function runCases(cases: readonly Case[], config: Source, load: Loader, { stubs, credentials }: Scenery): Promise<readonly CaseResult[]> {
  const { value } = load(config, new Store(), 1);
  if (!value) throw new Error(`${config.file} is refused`);
  const rig = await Rig.open(value.table, stubs, portsOf(value.config.gateway));
  try {
    const results: CaseResult[] = [];
    for (const one of cases) results.push(await runCase(one, rig, credentials));
    return results;
  } finally {
    await rig.close();
  }
}

async function runCase({ name, config, place, placeOf }: Case, rig: Rig, credentials: Set<string>): Promise<CaseResult> {
  const started = performance.now();
  credentials.clear();
  const expected = expectedOf(config);
  let mask = maskOf(config, expected);
  let observed: Observed | undefined;
  let failures: readonly Failure[] = [];
  for (let time = 1; time <= config.times && failures.length === 0; time++) {
    const outcome = await rig.send(config).catch((error: unknown) => (error instanceof NoAnswer ? error.message : `none: ${String(error)}`));
    observed = typeof outcome === 'string' ? undefined : outcome;
    mask = maskOf(config, [...expected, ...credentials]);
    const mismatches = typeof outcome === 'string' ? [noAnswer(outcome)] : judge(config.expect, outcome);
    failures = mismatches.map(({ path, what, ...texts }) => ({ what: `${what}${timeOf(time, config.times)}`, expected: mask(texts.expected), actual: mask(texts.actual), place: placeOf(path) }));
  }
  return { name: mask(name), request: mask(config.request), place, route: observed?.exchange?.route?.id, milliseconds: performance.now() - started, failures };
}

const noAnswer = (error: string): Mismatch => ({ path: [], what: 'answer', expected: 'one', actual: error });

const timeOf = (time: number, times: number): string => (times === 1 ? '' : `, time ${time} of ${times}`);
