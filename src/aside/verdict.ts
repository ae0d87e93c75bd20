import { sourceOf } from '../config/source.js';
import { diff, type Change } from '../diff/diff.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ConfigPath } from '../load.js';
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
export function createJudge({ load, read }: Pick<ConfigPath, 'load' | 'read'>, plugins: readonly Plugin[]): (job: Job) => Verdict {
  // what is accepted is mostly what the next one is compared with
  let accepted: { readonly content: Uint8Array; readonly config: Config } | undefined;
  return ({ file, before, after }) => {
    const source = sourceOf(file, bufferOf(after));
    if (!source.value) return { hash: undefined, diagnostics: source.diagnostics, changes: [], config: undefined };
    const { hash } = source.value;
    const { value, diagnostics } = load(source.value, new Store(), 1);
    if (!value) return { hash, diagnostics, changes: [], config: undefined };
    value.table.retire(() => {});
    const known = accepted && bufferOf(before).equals(accepted.content) ? accepted.config : configOf(before);
    accepted = { content: after, config: value.config };
    return { hash, diagnostics, changes: known ? diff(known, value.config, plugins) : [], config: pack(value.config) };
  };

  function configOf(content: Uint8Array): Config | undefined {
    const source = sourceOf('', bufferOf(content)).value;
    return source && read(source).value?.config;
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
