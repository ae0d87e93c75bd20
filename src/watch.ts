import { arrivalOf, follow } from './watch/arrival.js';
import type { Track } from './watch/arrival.js';
import { Directories } from './watch/directories.js';
import { observeDirectory } from './watch/observe.js';
import type { Observe } from './watch/observe.js';
import type { Lack, Watch, WatchEvent, WatchOptions } from './watch/options.js';
import { Pacer } from './watch/pacer.js';
import { endingOf, HOLD_MS, identityOf, isMarked, judge, PATIENCE_MS } from './watch/settle.js';
import type { Verdict } from './watch/settle.js';
import { ageOf, look, read } from './watch/sighting.js';
import type { Sighting } from './watch/sighting.js';

export type { Watch, WatchEvent, WatchOptions } from './watch/options.js';

const POLL_MS = 500;
const QUIET_MS = 80;
/** How long an unfinished file is still before its author is told. */
const TELL_MS = 2000;
/** Hints come in hundreds; the file is looked at no more often than this. */
const GLANCE_MS = 10;

/**
 * Watches a file for ever: through its vanishing, its directory's replacement, and the loss of file events.
 *
 * Half a file is never delivered: see `judge` for when a file counts as whole.
 */
export function watchFile(options: WatchOptions, observe: Observe = observeDirectory): Watch {
  return new FileWatch(options, observe);
}

class FileWatch implements Watch {
  readonly #options: WatchOptions;
  readonly #directories: Directories | undefined;
  readonly #pacer: Pacer;
  readonly #quiet: number;
  readonly #hold: number;

  /** The identity of the content last delivered. */
  #delivered: string | undefined;
  /** A marked content was delivered, so nothing unmarked may be. */
  #guarded: boolean;
  #sighting: Sighting | undefined;
  /** When the present sighting was first had. */
  #since = 0;
  /** The print of the sighting that needs no more work. */
  #settled: string | undefined;
  #track: Track | undefined;
  #base: Track | undefined;
  /** The identity of the unfinished content its author was told of. */
  #told: string | undefined;
  /** Since when a forced read waits for the content to be whole. */
  #asked: number | undefined;
  /** Why the file could not be had, as last told. */
  #absence: string | undefined;

  #lookedAt = -Infinity;
  #closed = false;

  constructor(options: WatchOptions, observe: Observe) {
    this.#options = options;
    this.#quiet = options.quiet ?? QUIET_MS;
    this.#hold = options.hold ?? HOLD_MS;
    this.#delivered = identityOf(options.first);
    this.#guarded = isMarked(options.first);
    this.#base = options.origin && follow(undefined, undefined, options.origin);
    if (options.native !== false && !options.byHand) this.#directories = this.#watchDirectories(observe);
    this.#pacer = new Pacer({
      period: options.byHand ? Infinity : (options.poll ?? POLL_MS),
      step: () => this.#round(),
      onFailed: (error) => this.#tell({ kind: 'failed', error }),
    });
    if (!options.byHand) this.#pacer.wakeBy(performance.now());
  }

  get up(): boolean {
    return this.#directories?.up ?? false;
  }

  force(): Promise<void> {
    return this.#pacer.run(() => this.#readNow());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pacer.stop();
    await this.#directories?.close();
  }

  #watchDirectories(observe: Observe): Directories {
    return new Directories(observe, {
      onHint: () => this.#pacer.wakeBy(this.#lookedAt + GLANCE_MS),
      onArmed: () => {
        // An edit between the last read and now came without an event, so the file is read again.
        this.#settled = undefined;
        this.#pacer.wakeBy(performance.now());
      },
      onDown: (code) => this.#tell({ kind: 'watcher-down', code }),
      onUp: () => this.#tell({ kind: 'watcher-up' }),
    });
  }

  async #round(): Promise<number> {
    if (this.#options.byHand && this.#asked === undefined) return Infinity;
    await this.#look();
    const wait = await this.#settle();
    if (this.#asked === undefined) return wait;
    const left = this.#asked + (this.#options.patience ?? PATIENCE_MS) - performance.now();
    if (left > 0) return Math.min(wait, left, this.#options.poll ?? POLL_MS);
    this.#ask('restless', 'rest');
    return this.#options.byHand ? Infinity : wait;
  }

  async #look(): Promise<Sighting> {
    this.#lookedAt = performance.now();
    const sighting = await look(this.#options.file, this.#sighting);
    if (sighting.print !== this.#sighting?.print) {
      this.#since = performance.now();
      this.#track = sighting.found && follow(this.#track, this.#base, sighting.found);
    }
    this.#sighting = sighting;
    await this.#directories?.cover(sighting.spots);
    return sighting;
  }

  /** Deals with the present sighting as far as its age allows; returns after how long to look again. */
  async #settle(): Promise<number> {
    const sighting = this.#sighting;
    if (sighting === undefined || sighting.print === this.#settled) return Infinity;
    const age = performance.now() - this.#since;
    if (age < this.#quiet) return this.#quiet - age;
    if (sighting.found === undefined) {
      this.#settled = sighting.print;
      this.#missing(sighting.code);
      return Infinity;
    }
    const reading = await read(sighting.found);
    if (reading === 'moved') return GLANCE_MS;
    if ('code' in reading) {
      // Not settled: a lack of descriptors passes without a trace in the file.
      this.#missing(reading.code);
      return Infinity;
    }
    this.#present();
    return this.#weigh(sighting.print, reading.content, age);
  }

  #weigh(print: string, content: Buffer, age: number): number {
    const identity = identityOf(content);
    if (identity === this.#delivered && this.#asked === undefined) {
      if (this.#told !== undefined) this.#tell({ kind: 'unchanged' });
      this.#accept(print);
      return Infinity;
    }
    const verdict = this.#judge(content, identity);
    if (verdict === 'hold' && age < this.#hold) return this.#hold - age;
    if (verdict === 'deliver' || verdict === 'hold') {
      this.#accept(print);
      this.#deliver(content, identity);
      return Infinity;
    }
    if (age < TELL_MS) return TELL_MS - age;
    this.#settled = print;
    this.#ask(identity, verdict);
    return Infinity;
  }

  #judge(content: Buffer, identity: string): Verdict {
    if (identity === this.#delivered) return 'deliver';
    const trace = this.#directories?.trace ?? 'none';
    const arrival = this.#track === undefined ? 'written' : arrivalOf(this.#track, trace);
    return judge(endingOf(content), arrival, this.#guarded);
  }

  /** Takes the present file as dealt with, and as what the next one is compared with. */
  #accept(print: string): void {
    this.#settled = print;
    this.#base = this.#track;
    this.#told = undefined;
    this.#directories?.forget();
  }

  #deliver(content: Buffer, identity: string): void {
    this.#asked = undefined;
    this.#told = undefined;
    if (this.#closed) return;
    this.#delivered = identity;
    this.#guarded ||= isMarked(content);
    this.#options.onContent(content);
  }

  async #readNow(): Promise<void> {
    const sighting = await this.#look();
    const { found } = sighting;
    if (found === undefined) return this.#missing(sighting.code);
    const reading = await read(found);
    if (reading === 'moved') return this.#await('hold');
    if ('code' in reading) return this.#missing(reading.code);
    this.#present();
    // The last look may be long ago, or never have been: then the file's own times tell that it has been still.
    this.#weighNow(sighting.print, reading.content, Math.max(performance.now() - this.#since, ageOf(found)));
  }

  #weighNow(print: string, content: Buffer, age: number): void {
    const identity = identityOf(content);
    const verdict = this.#judge(content, identity);
    if (verdict === 'end-marker') return this.#ask(identity, verdict);
    const whole = identity === this.#delivered || age >= (verdict === 'deliver' ? this.#quiet : this.#hold);
    if (!whole) return this.#await(verdict);
    if (verdict === 'newline') return this.#ask(identity, verdict);
    // Not accepted when it is younger: a write within the same clock tick leaves no trace, so it is read again.
    if (age >= this.#quiet) this.#accept(print);
    this.#deliver(content, identity);
  }

  /** Leaves what was asked for to the rounds, which deliver the content once it is whole, be it the one delivered last. */
  #await(verdict: Verdict): void {
    this.#asked ??= performance.now();
    this.#settled = undefined;
    if (verdict !== 'deliver') this.#tell({ kind: 'held' });
    this.#pacer.wakeBy(performance.now());
  }

  /** Tells the author, once, what an unfinished content lacks. */
  #ask(identity: string, lacking: Lack): void {
    this.#asked = undefined;
    if (this.#told !== identity) this.#tell({ kind: 'waiting', lacking });
    this.#told = identity;
  }

  #missing(code = 'EIO'): void {
    this.#asked = undefined;
    if (this.#absence === code) return;
    this.#absence = code;
    const kind = code === 'ENOENT' || code === 'ENOTDIR' ? 'vanished' : 'unreadable';
    this.#tell({ kind, code });
  }

  #present(): void {
    if (this.#absence === undefined) return;
    this.#absence = undefined;
    this.#tell({ kind: 'returned' });
  }

  #tell(event: WatchEvent): void {
    if (!this.#closed) this.#options.onEvent(event);
  }
}
