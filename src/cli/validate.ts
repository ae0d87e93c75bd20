import type { Source } from '../config/source.js';
import { judge, summary, type Checked } from '../diagnostics/checked.js';
import { COLOURS, draw, PLAIN } from '../diagnostics/draw.js';
import { github } from '../diagnostics/github.js';
import { sarif } from '../diagnostics/sarif.js';
import { createLoader, type Loader } from '../load.js';
import { withModules } from '../modules/with-modules.js';
import { PLUGINS } from '../plugins/index.js';
import { Store } from '../state/store.js';
import { useColour } from './colour.js';
import { inputName, readInput } from './input.js';
import { VERSION } from './version.js';

/** How a report looks: for people, for programs, for GitHub's annotations, for code scanning. */
export type Format = 'pretty' | 'json' | 'github' | 'sarif';

/** What `gateway validate` is asked. */
export interface ValidateOptions {
  /** Names of files, `-` for stdin. */
  readonly files: readonly string[];
  readonly format: Format;
  /** Whether a warning refuses a file. */
  readonly strict: boolean;
}

/** Tells everything that is wrong with files, as a start would; opens no socket and starts no timer. Returns the exit code. */
export async function validate({ files, format, strict }: ValidateOptions): Promise<number> {
  const loader = createLoader(PLUGINS, process.env);
  const checked: Checked[] = [];
  for (const file of files) {
    const source = await readInput(file);
    checked.push(judge(inputName(file), source.value ? diagnose(await withModules(source.value, process.env), loader) : source.diagnostics, strict));
  }
  process.stdout.write(`${REPORTS[format](checked)}\n`);
  return checked.every(({ valid }) => valid) ? 0 : 1;
}

function diagnose(source: Source, loader: Loader): Checked['diagnostics'] {
  const { value, diagnostics } = loader(source, new Store(), 1);
  value?.table.retire(() => {});
  return diagnostics;
}

const REPORTS: Readonly<Record<Format, (checked: readonly Checked[]) => string>> = {
  pretty,
  json: (checked) => JSON.stringify(checked.length === 1 ? checked[0] : { valid: checked.every(({ valid }) => valid), files: checked }, null, 2),
  github: (checked) => [...github(checked), ...checked.map(summary)].join('\n'),
  sarif: (checked) => JSON.stringify(sarif(checked, VERSION), null, 2),
};

function pretty(checked: readonly Checked[]): string {
  const palette = useColour(process.stdout) ? COLOURS : PLAIN;
  const reports = checked.map((one) => `${one.diagnostics.length > 0 ? `${draw(one.diagnostics, palette)}\n\n` : ''}${summary(one)}`);
  const refused = checked.filter(({ valid }) => !valid).length;
  return [...reports, ...(checked.length > 1 ? [`${checked.length} files: ${refused === 0 ? 'all valid' : `${refused} refused`}`] : [])].join('\n');
}
