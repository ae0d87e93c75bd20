import { sourceOf, type Source } from '../config/source.js';
import { diff, type Change } from '../diff/diff.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConfigPath, Loaded } from '../load.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Config } from '../schema/file.js';
import { Store } from '../state/store.js';
import { pack } from './pack.js';

/** A content to be judged, and the one that runs. */
export interface Job {
  /** The name that the user gave, for messages. */
  readonly file: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Everything that is to say of a content, and its configuration when nothing is wrong with it. */
export interface Verdict {
  readonly hash: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly changes: readonly Change[];
  /** Packed; undefined when the content is refused. */
  readonly config: Uint8Array<ArrayBuffer> | undefined;
  /** The modules that it lists, whether or not they can be used. */
  readonly listed: readonly string[];
}

/** Judges contents: does all that a reload does, short of making the table that serves. */
export function createJudge({ load, read }: Pick<ConfigPath, 'load' | 'read'>, prepare: (source: Source) => Promise<Source>): (job: Job) => Promise<Verdict> {
  // what is accepted is mostly what the next one is compared with
  let accepted: { readonly content: Uint8Array; readonly config: Config; readonly plugins: readonly Plugin[] } | undefined;
  return async ({ file, before, after }) => {
    const text = sourceOf(file, bufferOf(after));
    if (!text.value) return { hash: undefined, diagnostics: text.diagnostics, changes: [], config: undefined, listed: [] };
    const source = await prepare(text.value);
    const { hash } = source;
    const listed = [...(source.modules?.keys() ?? [])];
    const { value, diagnostics } = load(source, new Store(), 1);
    if (!value) return { hash, diagnostics, changes: [], config: undefined, listed };
    value.table.retire(() => {});
    const known = accepted && bufferOf(before).equals(accepted.content) ? accepted : await readAgain(file, before);
    accepted = { content: after, config: value.config, plugins: value.plugins };
    return { hash, diagnostics, changes: known ? diff(known.config, value.config, [...known.plugins, ...value.plugins]) : [], config: pack(value.config), listed };
  };

  async function readAgain(file: string, content: Uint8Array): Promise<Pick<Loaded, 'config' | 'plugins'> | undefined> {
    const source = sourceOf(file, bufferOf(content)).value;
    return source && read(await prepare(source)).value;
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
