import { hash } from 'node:crypto';

/** A script that Redis carries out as one step, on one key. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** A script of its text. */
export const script = (lua: string): Script => ({ lua, sha: hash('sha1', lua, 'hex') });
