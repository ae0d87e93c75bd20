import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { readSource, sourceOf, type Source } from '../config/source.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Loaded, Loader } from '../load.js';
import type { Modules } from '../modules/module.js';
import type { Store } from '../state/store.js';
import { HOLD_MS } from '../watch/settle.js';
import type { Found } from '../watch/sighting.js';
import { readWhole } from '../watch/whole.js';
import { logDiagnostics } from './events.js';

/** The content that a gateway starts with, and what it came to. */
export interface First {
  readonly loaded: Loaded;
  readonly diagnostics: readonly Diagnostic[];
  readonly content: Buffer;
  /** The file that it was read from; undefined for a pipe. */
  readonly found: Found | undefined;
  readonly milliseconds: number;
  readonly modules: Modules | undefined;
}

/** Loads the modules that a source lists, or those that are known to be listed. */
export type Prepare = (source: Source, listed?: readonly string[]) => Promise<Source>;

/** Loads the file for the first time, once it is whole; undefined when it is refused, which was told. */
export async function loadFirst(file: string, prepare: Prepare, loader: Loader, store: Store, log: Logger): Promise<First | undefined> {
  const { content, found } = await readFirst(file, log);
  if (!content) return undefined;
  const started = performance.now();
  const text = sourceOf(file, content);
  const source = text.value && await prepare(text.value);
  const { value: loaded, diagnostics } = source ? loader(source, store, 1) : { diagnostics: text.diagnostics };
  logDiagnostics(log, diagnostics);
  if (loaded) return { loaded, diagnostics, content, found, milliseconds: performance.now() - started, modules: source?.modules };
  refuse(file, log);
  return undefined;
}

async function readFirst(file: string, log: Logger): Promise<{ readonly content?: Buffer; readonly found?: Found }> {
  const reading = await readWhole(file, {
    onWait: () => log.info(`${file} was written just now and does not end with a line #END: it is read once nothing has touched it for ${HOLD_MS / 1000} s`),
  });
  if (reading === 'restless') log.error(`${file} does not stop changing, so it may be half written`);
  else if ('content' in reading) return reading;
  else {
    // a pipe is whole at its end, and has no other way to be read
    const content = reading.code === 'EINVAL' ? await readFile(file).catch(() => undefined) : undefined;
    if (content) return { content };
    // what cannot be read is read once more by the one who words why
    logDiagnostics(log, (await readSource(file)).diagnostics);
  }
  refuse(file, log);
  return {};
}

function refuse(file: string, log: Logger): void {
  log.error(`${file} is refused: nothing is started`);
}
