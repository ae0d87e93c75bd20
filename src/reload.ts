import { sourceOf, type Outcome, type Source } from './config/source.js';
import { diff, type Change } from './diff/diff.js';
import { moduleChanges } from './diff/modules.js';
import { renewals } from './diff/renewals.js';
import type { RoutingTable } from './compile/table.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { Loaded } from './load.js';
import { pack, unpack, type Packed } from './aside/pack.js';
import { pluginsIn, type Modules } from './modules/module.js';
import { mayListModules } from './modules/with-modules.js';
import type { Config } from './schema/file.js';
import { inSlices, type Steps } from './steps.js';
import type { Elsewhere, LastReload, ReloadContext, Running, StaleReason } from './reloads.js';

export type { Elsewhere, LastReload, ReloadContext, ReloadEvent, Running, StaleReason } from './reloads.js';

/** Larger contents would keep those who are served waiting: this much takes some 10 ms. */
const AT_ONCE_BYTES = 32 * 1024;

/** Whether a content is judged in a thread of its own. */
export const isLarge = (content: Buffer): boolean => content.length > AT_ONCE_BYTES;

const isPacked = (config: Config | Packed): config is Packed => config instanceof Uint8Array;

/** What is compared with, to tell what an edit changed. */
interface Before {
  readonly content: Buffer | undefined;
  /** Packed, of a large content. */
  readonly config: Config | Packed;
}

/** What a content of the file came to, before anything is done about it. */
interface Attempt extends Outcome<Loaded> {
  readonly changes: readonly Change[];
  /** Of the bytes; undefined when they are no text. */
  readonly hash: string | undefined;
  readonly modules?: Modules | undefined;
}

/** All that is left to do in the thread that serves, as one work: between two, a slice of each would be one that is too long. */
function* madeOf(packed: Packed, assemble: (config: Config) => Steps<RoutingTable>): Steps<Pick<Loaded, 'table' | 'config'>> {
  const config = yield* unpack(packed);
  return { config, table: yield* assemble(config) };
}

/** Applies contents of the file one after the other, each whole or not at all; of those that come while one is applied the last counts. */
export class Reloader {
  #running: Running;
  #before: Before;
  /** The newest content of the file, whatever came of it. */
  #content: Buffer | undefined;
  /** Under way, and what came meanwhile. */
  #busy: Promise<void> | undefined;
  #next: Buffer | undefined;
  #last: LastReload;
  /** Why the file is not what runs, as far as it is not. */
  readonly #reasons = new Set<StaleReason>();
  #stale: { readonly since: Date; readonly timer: NodeJS.Timeout } | undefined;

  constructor(private readonly context: ReloadContext, first: Loaded, diagnostics: readonly Diagnostic[], milliseconds: number, modules?: Modules) {
    this.#running = { table: first.table, config: { gateway: first.config.gateway }, modules };
    const content = context.elsewhere?.first;
    this.#before = { content, config: content && isLarge(content) ? pack(first.config) : first.config };
    this.#last = { at: new Date(), outcome: 'applied', milliseconds, diagnostics };
  }

  get running(): Running {
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
    // now, and not once it is judged, which may take a while: what becomes of the file meanwhile counts
    this.stale('absent', false);
    this.stale('unfinished', false);
    this.#take(content);
  }

  #take(content: Buffer): void {
    this.#content = content;
    if (this.#busy) {
      this.#next = content;
      return;
    }
    const { elsewhere, prepare } = this.context;
    if (elsewhere && (isLarge(content) || isPacked(this.#before.config))) this.#busy = this.#applyElsewhere(content, elsewhere).finally(() => this.#goOn());
    else if (prepare && mayListModules(content.toString('latin1'))) this.#busy = this.#applyPrepared(content, prepare).finally(() => this.#goOn());
    else this.#applyAtOnce(content, sourceOf(this.context.file, content));
  }

  /** Takes the newest content again: a file that it refers to has changed. */
  again(): void {
    const content = this.#content ?? this.#before.content;
    if (content) this.#take(content);
  }

  /** Whether a content is under way, so that it is not known yet whether it will run. */
  get isBusy(): boolean {
    return this.#busy !== undefined;
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    while (this.#busy) await this.#busy;
  }

  #goOn(): void {
    const next = this.#next;
    this.#busy = undefined;
    this.#next = undefined;
    if (next) this.#take(next);
  }

  async #applyPrepared(content: Buffer, prepare: NonNullable<ReloadContext['prepare']>): Promise<void> {
    try {
      const { value, diagnostics } = sourceOf(this.context.file, content);
      this.#applyAtOnce(content, value ? { value: await prepare(value), diagnostics } : { diagnostics });
    } catch (error) {
      this.fail(error);
    }
  }

  #applyAtOnce(content: Buffer, source: Outcome<Source>): void {
    const started = performance.now();
    let attempt: Attempt;
    try {
      attempt = this.#attempt(source);
    } catch (error) {
      return this.fail(error, started);
    }
    if (attempt.value) this.#swap(attempt.value, { content, config: attempt.value.config }, attempt, started);
    else this.#refuse(attempt, started);
  }

  async #applyElsewhere(content: Buffer, { judge, assemble }: Elsewhere): Promise<void> {
    const started = performance.now();
    const { file, store, prepare } = this.context;
    const { config: before } = this.#before;
    try {
      const verdict = await judge({ file, before: isPacked(before) ? before : pack(before), listed: [...(this.#running.modules?.keys() ?? [])], after: content });
      const origin: Source = { file, hash: verdict.hash ?? '', text: '' };
      const source = prepare ? await prepare(origin, verdict.listed) : origin;
      if (!verdict.config) return this.#refuse(verdict, started);
      const made = await inSlices(madeOf(verdict.config, (config) => assemble(config, source, store, this.#running.table.generation + 1)));
      this.#swap(made, { content, config: verdict.config }, { ...verdict, modules: source.modules }, started);
    } catch (error) {
      this.fail(error, started);
    }
  }

  /** Refuses a content for reasons that were found before it was applied. */
  refuse(content: Buffer, diagnostics: readonly Diagnostic[]): void {
    const source = sourceOf(this.context.file, content);
    this.#refuse({ diagnostics, hash: source.value?.hash }, performance.now());
  }

  /** Notes that a bug of ours kept a content from being applied. */
  fail(error: unknown, started = performance.now()): void {
    this.#note('failed', [], started);
    this.stale('refused', true);
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
  #attempt(source: Outcome<Source>): Attempt {
    const { loader, store } = this.context;
    if (!source.value) return { diagnostics: source.diagnostics, changes: [], hash: undefined };
    const { hash, modules } = source.value;
    const { config: before } = this.#before;
    const loaded = loader(source.value, store, this.#running.table.generation + 1);
    if (!loaded.value) return { ...loaded, changes: [], hash };
    try {
      // what is gone is still to be told of, by those who know what of it is secret
      const known = [...pluginsIn(this.#running.modules), ...loaded.value.plugins];
      return { ...loaded, changes: isPacked(before) ? [] : diff(before, loaded.value.config, known), hash, modules };
    } catch (error) {
      // a table that never serves must not keep what it leased
      loaded.value.table.retire(() => {});
      throw error;
    }
  }

  #swap(next: Pick<Loaded, 'table' | 'config'>, before: Before, { changes, diagnostics, modules }: Pick<Attempt, 'changes' | 'diagnostics' | 'modules'>, started: number): void {
    const { gateway, notify } = this.context;
    const renewed = [...renewals(this.#running.table.settings.sites, next.table.settings.sites, changes), ...moduleChanges(this.#running.modules, modules)];
    gateway.swap(next.table);
    const config = { gateway: next.config.gateway };
    this.#running = { table: next.table, config, modules };
    this.#before = this.context.elsewhere ? before : { ...before, content: undefined };
    this.stale('refused', false);
    const { milliseconds } = this.#note('applied', diagnostics, started);
    const { generation, hash } = next.table;
    notify({ type: 'applied', generation, hash, milliseconds, config, changes: [...changes, ...renewed], diagnostics });
  }

  #refuse({ hash, diagnostics }: Pick<Attempt, 'hash' | 'diagnostics'>, started: number): void {
    this.#note('refused', diagnostics, started);
    this.stale('refused', true);
    this.context.notify({ type: 'refused', hash, diagnostics });
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
