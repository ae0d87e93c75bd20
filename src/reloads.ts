import type { Job, Verdict } from './aside/verdict.js';
import type { RoutingTable } from './compile/table.js';
import type { Source } from './config/source.js';
import type { Change } from './diff/diff.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { ConfigPath, Loader } from './load.js';
import type { Modules } from './modules/module.js';
import type { Gateway } from './proxy/gateway.js';
import type { Config } from './schema/file.js';
import type { Store } from './state/store.js';

/** What became of one attempt to apply a content of the file. */
export type ReloadEvent =
  | { readonly type: 'applied'; readonly generation: number; readonly hash: string; readonly milliseconds: number; readonly config: Running['config']; readonly changes: readonly Change[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'refused'; readonly hash: string | undefined; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'stale'; readonly since: Date; readonly because: readonly StaleReason[]; readonly generation: number };

/** Why the file is not what runs: it was refused, it is gone or unreadable, or it is not complete. */
export type StaleReason = 'refused' | 'absent' | 'unfinished';

/** The last attempt, for `/status`. */
export interface LastReload {
  readonly at: Date;
  readonly outcome: 'applied' | 'refused' | 'failed';
  readonly milliseconds: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What serves, and what the program needs to know of its configuration: all of a large one is not kept. */
export interface Running {
  readonly table: RoutingTable;
  readonly config: Pick<Config, 'gateway'>;
  readonly modules: Modules | undefined;
}

/** Judges large contents beside the thread that serves, and puts together what passed. */
export interface Elsewhere {
  judge(job: Job): Promise<Verdict>;
  readonly assemble: ConfigPath['assemble'];
  /** The content that the first configuration was made of. */
  readonly first: Buffer;
}

/** What a Reloader stands on. */
export interface ReloadContext {
  readonly file: string;
  readonly loader: Loader;
  readonly store: Store;
  readonly gateway: Gateway;
  /** Loads the modules that a source lists, or those that are known to be listed; without it there are none. */
  readonly prepare?: (source: Source, listed?: readonly string[]) => Promise<Source>;
  readonly notify: (event: ReloadEvent) => void;
  /** Milliseconds between two reminders that the file is not what runs. */
  readonly remind?: number;
  /** Without it every content is loaded at once, however long that takes. */
  readonly elsewhere?: Elsewhere;
}
