import { setTimeout as pause } from 'node:timers/promises';
import { arrivalOf, follow } from './watch/arrival.js';
import type { Track } from './watch/arrival.js';
import { Directories } from './watch/directories.js';
import { observeDirectory } from './watch/observe.js';
import type { Observe } from './watch/observe.js';
import { Pacer } from './watch/pacer.js';
import { endingOf, identityOf, judge } from './watch/settle.js';
import type { Verdict } from './watch/settle.js';
import { look, read } from './watch/sighting.js';
import type { Sighting } from './watch/sighting.js';

/** A file being watched. */
export interface Watch {
  /**
   * Reads now and delivers what is there, even when the bytes are those last delivered, and without waiting for a
   * write in place to come to its end. Content without its end marker is still refused once there was one.
   */
  force(): Promise<void>;
  /** Stops; nothing is delivered or told from here on. */
  close(): Promise<void>;
  /** False while file events cannot be had, and polling alone carries on. */
  readonly up: boolean;
}

/** Something about the watched file that its operator wants to know. */
export type WatchEvent =
  | { readonly kind: 'vanished'; readonly code: string }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'returned' }
  | { readonly kind: 'waiting'; readonly lacking: 'end-marker' | 'newline' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'watcher-down'; readonly code: string }
  | { readonly kind: 'watcher-up' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What to watch, and whom to tell. All times are in milliseconds. */
export interface WatchOptions {
  /** The file's path; it may be a symbolic link, and its directory may vanish. */
  readonly file: string;
  /** The content already loaded: whatever differs from it is news. */
  readonly first: Buffer;
  /** How often the file is looked at whatever the events say; 500. */
  readonly poll?: number;
  /** False: do without file events. */
  readonly native?: boolean;
  /** How long a file must be still before it is read; 80. */
  readonly quiet?: number;
  /** How long a file written in place without an end marker must be still; 800. */
  readonly hold?: number;
  /** Told each new, whole content, once per edit. */
  onContent(content: Buffer): void;
  /** Told once per change of state. */
  onEvent(event: WatchEvent): void;
}

const POLL_MS = 500;
const QUIET_MS = 80;
const HOLD_MS = 800;
/** How long an unfinished file is still before its author is told. */
const TELL_MS = 2000;
/** Hints come in hundreds; the file is looked at no more often than this. */
const GLANCE_MS = 10;
const FORCE_TRIES = 10;
const FORCE_PAUSE_MS = 20;

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
    if (options.native !== false) this.#directories = this.#watchDirectories(observe);
    this.#pacer = new Pacer({
      period: options.poll ?? POLL_MS,
      step: () => this.#look().then(() => this.#settle()),
      onFailed: (error) => this.#tell({ kind: 'failed', error }),
    });
    this.#pacer.wakeBy(performance.now());
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
    if (identity === this.#delivered) {
      if (this.#told !== undefined) this.#tell({ kind: 'unchanged' });
      this.#accept(print);
      return Infinity;
    }
    const verdict = this.#judge(content);
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

  #judge(content: Buffer): Verdict {
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
    if (this.#closed) return;
    this.#delivered = identity;
    this.#guarded ||= isMarked(content);
    this.#options.onContent(content);
  }

  async #readNow(): Promise<void> {
    for (let tries = 0; tries < FORCE_TRIES && !this.#closed; tries += 1) {
      const sighting = await this.#look();
      if (sighting.found === undefined) return this.#missing(sighting.code);
      const reading = await read(sighting.found);
      if (reading === 'moved') {
        await pause(FORCE_PAUSE_MS);
        continue;
      }
      if ('code' in reading) return this.#missing(reading.code);
      this.#present();
      if (this.#guarded && !isMarked(reading.content)) return this.#ask(identityOf(reading.content), 'end-marker');
      // Not accepted: a write within the same clock tick would leave no trace, so it is read again after the quiet period.
      return this.#deliver(reading.content, identityOf(reading.content));
    }
    // It never stood still: the next content to settle is delivered, whatever it is.
    this.#delivered = undefined;
    this.#settled = undefined;
  }

  /** Tells the author, once, what an unfinished content lacks. */
  #ask(identity: string, lacking: 'end-marker' | 'newline'): void {
    if (this.#told !== identity) this.#tell({ kind: 'waiting', lacking });
    this.#told = identity;
  }

  #missing(code = 'EIO'): void {
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

function isMarked(content: Buffer): boolean {
  const ending = endingOf(content);
  return ending === 'marked' || ending === 'marked-open';
}
