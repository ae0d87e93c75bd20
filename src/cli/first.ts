import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { readSource, sourceOf } from '../config/source.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Loaded, Loader } from '../load.js';
import type { Store } from '../state/store.js';
import { logDiagnostics } from './events.js';

/** The content that a gateway starts with, and what it came to. */
export interface First {
  readonly loaded: Loaded;
  readonly diagnostics: readonly Diagnostic[];
  readonly content: Buffer;
  readonly milliseconds: number;
}

/** Loads the file for the first time; undefined when it is refused, which was told. */
export async function loadFirst(file: string, loader: Loader, store: Store, log: Logger): Promise<First | undefined> {
  const started = performance.now();
  const content = await readFile(file).catch(() => undefined);
  // a file that cannot be read is read once more by the one who words why
  const source = content ? sourceOf(file, content) : await readSource(file);
  const { value: loaded, diagnostics } = source.value ? loader(source.value, store, 1) : { diagnostics: source.diagnostics };
  logDiagnostics(log, diagnostics);
  if (loaded && content) return { loaded, diagnostics, content, milliseconds: performance.now() - started };
  log.error(`${file} is refused: nothing is started`);
  return undefined;
}
