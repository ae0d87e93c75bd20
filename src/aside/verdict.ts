import { sourceOf, type Source } from '../config/source.js';
import { withoutValues } from '../diff/change.js';
import { diff, type Change } from '../diff/diff.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConfigPath, Loaded } from '../load.js';
import { pluginsIn } from '../modules/module.js';
import { Store } from '../state/store.js';
import { atOnce } from '../steps.js';
import { pack, unpack, type Packed } from './pack.js';

/** A content to be judged, and the configuration that runs. */
export interface Job {
  /** The name that the user gave, for messages. */
  readonly file: string;
  readonly before: Packed;
  /** The modules that it lists. */
  readonly listed: readonly string[];
  readonly after: Uint8Array;
}

/** Everything that is to say of a content, and its configuration when nothing is wrong with it. */
export interface Verdict {
  readonly hash: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Change[];
  /** Packed; undefined when the content is refused. */
  readonly config: Packed | undefined;
  /** The modules that it lists, whether or not they can be used. */
  readonly listed: readonly string[];
}

/** Judges contents: does all that a reload does, short of making the table that serves. */
export function createJudge({ load }: Pick<ConfigPath, 'load'>, prepare: (source: Source, listed?: readonly string[]) => Promise<Source>): (job: Job) => Promise<Verdict> {
  return async (job) => {
    const { file, after } = job;
    const text = sourceOf(file, Buffer.from(after.buffer, after.byteOffset, after.byteLength));
    if (!text.value) return { hash: undefined, diagnostics: text.diagnostics, changes: [], config: undefined, listed: [] };
    const source = await prepare(text.value);
    const { hash } = source;
    const listed = [...(source.modules?.keys() ?? [])];
    const { value, diagnostics } = load(source, new Store(), 1);
    if (!value) return { hash, diagnostics, changes: [], config: undefined, listed };
    value.table.retire(() => {});
    return { hash, diagnostics, changes: await changes(job, value), config: pack(value.config), listed };
  };

  async function changes({ file, before, listed }: Job, { config, plugins }: Pick<Loaded, 'config' | 'plugins'>): Promise<readonly Change[]> {
    const { modules } = await prepare({ file, hash: '', text: '' }, listed);
    const changes = diff(atOnce(unpack(before)), config, [...pluginsIn(modules), ...plugins]);
    // nobody knows what is secret of what a module did that is gone
    return [...(modules?.values() ?? [])].some(({ problem }) => problem) ? changes.map(withoutValues) : changes;
  }
}
