import { sourceOf } from '../config/source.js';
import { diff, type Change } from '../diff/diff.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Loader } from '../load.js';
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
}

/** Judges contents: does all that a reload does, short of making the table that serves. */
export function createJudge(loader: Loader, plugins: readonly Plugin[]): (job: Job) => Verdict {
  return ({ file, before, after }) => {
    const { config, hash, diagnostics } = load(loader, file, after);
    if (!config) return { hash, diagnostics, changes: [], config: undefined };
    const old = load(loader, file, before).config;
    return { hash, diagnostics, changes: old ? diff(old, config, plugins) : [], config: pack(config) };
  };
}

function load(loader: Loader, file: string, content: Uint8Array): { readonly config?: Config; readonly hash: string | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const source = sourceOf(file, Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  if (!source.value) return { hash: undefined, diagnostics: source.diagnostics };
  const { value, diagnostics } = loader(source.value, new Store(), 1);
  value?.table.retire(() => {});
  return { hash: source.value.hash, diagnostics, ...(value && { config: value.config }) };
}
