import { randomBytes } from 'node:crypto';
import type { Exchange } from '../plugins/plugin.js';

const KEY = {};

/** The id of a request: 32 hexadecimal digits, made when it is first asked for, unless it was given another. */
export function requestIdOf(x: Exchange): string {
  const known = x.notes.get(KEY);
  if (typeof known === 'string') return known;
  const id = randomBytes(16).toString('hex');
  x.notes.set(KEY, id);
  return id;
}

/** Gives a request another id, for whoever asks from now on. */
export function setRequestId(x: Exchange, id: string): void {
  x.notes.set(KEY, id);
}
