import type { Processes } from './processes.js';

/** What all measurements of a run share. */
export interface Bench {
  readonly processes: Processes;
  /** For what is generated; gone at the end. */
  readonly folder: string;
  /** The full path of wrk; undefined where the own load generator stands in. */
  readonly wrk: string | undefined;
  readonly connections: number;
  /** Where the upstream listens. */
  readonly upstream: number;
  /** Where an upstream listens that answers as a web framework does. */
  readonly service: number;
  /** Tells something while the run goes on. */
  note(text: string): void;
}
