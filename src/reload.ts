import { sourceOf, type Outcome } from './config/source.js';
import { diff, type Change } from './diff/diff.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { Loaded, Loader } from './load.js';
import type { Gateway } from './proxy/gateway.js';
import type { Config } from './schema/file.js';
import type { Plugin } from './plugins/plugin.js';
import type { Store } from './state/store.js';

/** What became of one attempt to apply a content of the file. */
export type ReloadEvent =
  | { readonly type: 'applied'; readonly generation: number; readonly hash: string; readonly milliseconds: number; readonly config: Config; readonly changes: readonly Change[]; readonly diagnostics: readonly Diagnostic[] }
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

/** What a Reloader stands on. */
export interface ReloadContext {
  readonly file: string;
  readonly loader: Loader;
  readonly store: Store;
  readonly gateway: Gateway;
  readonly plugins: readonly Plugin[];
  readonly notify: (event: ReloadEvent) => void;
  /** Milliseconds between two reminders that the file is not what runs. */
  readonly remind?: number;
}

/** What a content of the file came to, before anything is done about it. */
interface Attempt extends Outcome<Loaded> {
  readonly changes: readonly Change[];
  /** Of the bytes; undefined when they are no text. */
  readonly hash: string | undefined;
}

/** Applies contents of the file, whole or not at all. Nothing awaits between the parse and the swap, so reloads cannot interleave. */
export class Reloader {
  #running: Loaded;
  #last: LastReload;
  /** Why the file is not what runs, as far as it is not. */
  readonly #reasons = new Set<StaleReason>();
  #stale: { readonly since: Date; readonly timer: NodeJS.Timeout } | undefined;

  constructor(private readonly context: ReloadContext, first: Loaded, diagnostics: readonly Diagnostic[], milliseconds: number) {
    this.#running = first;
    this.#last = { at: new Date(), outcome: 'applied', milliseconds, diagnostics };
  }

  get running(): Loaded {
    return this.#running;
  }

  get last(): LastReload {
    return this.#last;
  }

  get staleReasons(): readonly StaleReason[] {
    return [...this.#reasons];
  }

  /** Since when the file differs from what runs; undefined when it does not. */
  get staleSince(): Date | undefined {
    return this.#stale?.since;
  }

  /** Takes a content of the file: swaps to it, or keeps what runs and tells why. */
  apply(content: Buffer): void {
    const started = performance.now();
    let attempt: Attempt;
    try {
      attempt = this.#attempt(content);
    } catch (error) {
      return this.fail(error, started);
    }
    if (attempt.value) this.#swap(attempt.value, attempt, started);
    else this.#refuse(attempt, started);
  }

  /** Refuses a content for reasons that were found before it was applied. */
  refuse(content: Buffer, diagnostics: readonly Diagnostic[]): void {
    const source = sourceOf(this.context.file, content);
    this.#refuse({ diagnostics, changes: [], hash: source.value?.hash }, performance.now());
  }

  /** Notes that a bug of ours kept a content from being applied. */
  fail(error: unknown, started = performance.now()): void {
    this.#note('failed', [], started);
    this.#staleFor('refused');
    this.context.notify({ type: 'failed', error });
  }

  /** Notes why the file is not what runs, or that it is no longer so. */
  stale(reason: StaleReason, on: boolean): void {
    if (on) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.#reasons.size === 0) this.close();
    else this.#startReminding();
  }

  /** Says that the file is not what runs, if it is not. */
  remind(): void {
    const since = this.staleSince;
    if (since) this.context.notify({ type: 'stale', since, because: this.staleReasons, generation: this.#running.table.generation });
  }

  /** Ends the reminders. */
  close(): void {
    clearInterval(this.#stale?.timer);
    this.#stale = undefined;
  }

  /** Everything that may go wrong, done before anything is changed. */
  #attempt(content: Buffer): Attempt {
    const { file, loader, store, plugins } = this.context;
    const source = sourceOf(file, content);
    if (!source.value) return { diagnostics: source.diagnostics, changes: [], hash: undefined };
    const { hash } = source.value;
    const loaded = loader(source.value, store, this.#running.table.generation + 1);
    if (!loaded.value) return { ...loaded, changes: [], hash };
    try {
      return { ...loaded, changes: diff(this.#running.config, loaded.value.config, plugins), hash };
    } catch (error) {
      // a table that never serves must not keep what it leased
      loaded.value.table.retire(() => {});
      throw error;
    }
  }

  #swap(next: Loaded, { changes, diagnostics }: Attempt, started: number): void {
    const { gateway, notify } = this.context;
    gateway.swap(next.table);
    this.#running = next;
    this.#reasons.clear();
    this.close();
    const { milliseconds } = this.#note('applied', diagnostics, started);
    const { generation, hash } = next.table;
    notify({ type: 'applied', generation, hash, milliseconds, config: next.config, changes, diagnostics });
  }

  #refuse({ hash, diagnostics }: Attempt, started: number): void {
    this.#note('refused', diagnostics, started);
    this.#staleFor('refused');
    this.context.notify({ type: 'refused', hash, diagnostics });
  }

  /** A content that came was there and complete, so that no other reason is left. */
  #staleFor(reason: StaleReason): void {
    this.#reasons.clear();
    this.stale(reason, true);
  }

  #note(outcome: LastReload['outcome'], diagnostics: readonly Diagnostic[], started: number): LastReload {
    this.#last = { at: new Date(), outcome, milliseconds: performance.now() - started, diagnostics };
    return this.#last;
  }

  #startReminding(): void {
    if (this.#stale) return;
    const timer = setInterval(() => this.remind(), this.context.remind ?? 60_000).unref();
    this.#stale = { since: new Date(), timer };
  }
}
