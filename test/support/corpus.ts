import { readdirSync, readFileSync } from 'node:fs';
import type { Environment } from '../../src/config/placeholders.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { check } from '../config/check.js';

/** The sources, from the folder of the compiled tests. */
export const CORPUS = new URL('../../../test/corpus/', import.meta.url);

/** The environment that the files of the corpus are read in. */
export const ENV: Environment = { TEXT: 'text', NUMBER: '5', TRUE: 'true', EMPTY: '', ANN_KEY: 'from-env-of-the-corpus', JSON_KEYS: '{"tom":"key-of-tom-of-the-corpus"}' };

/** The names of the files that have something wrong, or nothing. */
export function names(folder: 'err' | 'ok'): string[] {
  return readdirSync(new URL(folder, CORPUS)).filter((name) => /\.(?:yaml|json)$/.test(name)).sort();
}

/** The bytes of one of them. */
export function contentOf(folder: 'err' | 'ok', name: string): Buffer {
  return readFileSync(new URL(`${folder}/${name}`, CORPUS));
}

/** What is told of one of them, as if it had another name. */
export function diagnosticsOf(folder: 'err' | 'ok', name: string, file = name): readonly Diagnostic[] {
  return check(contentOf(folder, name), ENV, file);
}
