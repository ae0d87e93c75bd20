import type { Source } from '../config/source.js';
import { COLOURS, draw, PLAIN } from '../diagnostics/draw.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { printable } from '../diagnostics/printable.js';
import { diff as compare } from '../diff/diff.js';
import { createLoader, type Loader } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import { PLUGINS } from '../plugins/index.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import { Store } from '../state/store.js';
import { useColour } from './colour.js';
import { inJson, inWords } from './diff-report.js';
import { inputName, readInput } from './input.js';

/** The options of `gateway diff`. */
export interface DiffOptions {
  readonly format: 'pretty' | 'json';
}

/** Tells what changed from one file to another. Returns the exit code, as diff has it: 0 nothing, 1 something, 2 a file is refused. */
export async function diff(before: string, after: string, { format }: DiffOptions): Promise<number> {
  const loader = createLoader(PLUGINS, process.env);
  const [old, now] = [await open(before, loader), await open(after, loader)];
  if (!old.config || !now.config) return refuse([old, now], format);
  const report = { before: old.name, after: now.name, changes: compare(old.config, now.config, [...old.plugins, ...now.plugins]) };
  process.stdout.write(format === 'json' ? inJson(report) : inWords(report, useColour(process.stdout) ? COLOURS : PLAIN));
  return report.changes.length === 0 ? 0 : 1;
}

/** A file, and its configuration unless it is refused. */
interface Opened {
  readonly name: string;
  readonly config: Config | undefined;
  readonly plugins: readonly Plugin[];
  readonly diagnostics: readonly Diagnostic[];
}

async function open(file: string, loader: Loader): Promise<Opened> {
  const source = await readInput(file);
  const opened = source.value ? load(await withModules(source.value, process.env), loader) : { config: undefined, plugins: [], diagnostics: source.diagnostics };
  return { name: inputName(file), ...opened };
}

function load(source: Source, loader: Loader): Omit<Opened, 'name'> {
  const { value, diagnostics } = loader(source, new Store(), 1);
  value?.table.retire(() => {});
  return { config: value?.config, plugins: value?.plugins ?? [], diagnostics };
}

function refuse(files: readonly Opened[], format: DiffOptions['format']): number {
  const refused = files.filter(({ config }) => !config);
  if (format === 'json') process.stdout.write(`${JSON.stringify({ refused: refused.map(({ name, diagnostics }) => ({ file: name, diagnostics })) }, null, 2)}\n`);
  else for (const { name, diagnostics } of refused) process.stdout.write(`${draw(diagnostics.filter((one) => hasErrors([one])), useColour(process.stdout) ? COLOURS : PLAIN)}\n\n${printable(name)}: refused\n`);
  return 2;
}
