import { parseArgs } from 'node:util';

/** What a run was asked for. */
export interface Options {
  readonly rounds: number;
  /** Of one measurement, and of the one that warms up. */
  readonly seconds: number;
  readonly warmUp: number;
  readonly connections: number;
  /** The core that everything is pinned to; the last allowed one unless given. */
  readonly core: number | undefined;
  /** Parts of names; none means all. */
  readonly cases: readonly string[];
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly write: boolean;
  readonly list: boolean;
  readonly quick: boolean;
}

export const USAGE = `npm run bench -- [options]

  --quick            2 rounds of 1 s: to see that all works, not to quote
  --rounds N         measured rounds (5)
  --seconds N        length of one measurement (2)
  --connections N    kept-alive connections of the load (64)
  --core N           pin everything to this core (default: the last one allowed)
  --case TEXT        only cases whose name contains it; may be given several times
  --only TEXT        only contestants whose name contains it, and what the others are compared with
  --json FILE        writes every round of every contestant
  --write            rewrites the table in bench/README.md; takes a full run
  --list             tells the cases and their contestants
`;

/** Reads the command line; throws with a message for people when it makes no sense. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, list: { type: 'boolean', default: false },
      rounds: { type: 'string' }, seconds: { type: 'string' }, connections: { type: 'string', default: '64' }, core: { type: 'string' },
      case: { type: 'string', multiple: true, default: [] }, only: { type: 'string', multiple: true, default: [] }, json: { type: 'string' },
    },
  });
  const { quick, write, list, json } = values;
  if (write && (quick || values.case.length > 0 || values.only.length > 0)) throw new Error('--write takes a full run: no --quick, --case or --only');
  return {
    rounds: whole('rounds', values.rounds ?? (quick ? '2' : '5'), 1),
    seconds: whole('seconds', values.seconds ?? (quick ? '1' : '2'), 1),
    // compilers at run time take a while on a slow machine
    warmUp: quick ? 1 : 4,
    connections: whole('connections', values.connections, 1),
    core: values.core === undefined ? undefined : whole('core', values.core, 0),
    cases: values.case, only: values.only, json, write, list, quick,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > 10_000) throw new Error(`--${name} takes a whole number from ${least} on, not ${text}`);
  return value;
}
