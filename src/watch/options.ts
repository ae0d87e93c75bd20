import type { Found } from './sighting.js';

/** A file being watched. */
export interface Watch {
  /**
   * Reads now and delivers what is there, even when the bytes are those last delivered. What may be half written is
   * not taken here either: it is delivered as soon as it counts as whole, or its author is told what it lacks.
   */
  force(): Promise<void>;
  /** Stops; nothing is delivered or told from here on. */
  close(): Promise<void>;
  /** False while file events cannot be had, and polling alone carries on. */
  readonly up: boolean;
}

/** What keeps a content from being whole: its end marker, the end of its last line, or that it never stands still. */
export type Lack = 'end-marker' | 'newline' | 'rest';

/** Something about the watched file that its operator wants to know. */
export type WatchEvent =
  | { readonly kind: 'vanished'; readonly code: string }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'returned' }
  | { readonly kind: 'waiting'; readonly lacking: Lack }
  | { readonly kind: 'held' }
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
  /** The file that it was read from, where that is known. */
  readonly origin?: Found;
  /** True: the file is looked at only from a `force` until what it asked for is dealt with. */
  readonly byHand?: boolean;
  /** How often the file is looked at whatever the events say; 500. */
  readonly poll?: number;
  /** False: do without file events. */
  readonly native?: boolean;
  /** How long a file must be still before a new content of it is delivered; 80. */
  readonly quiet?: number;
  /** How long a file written in place without an end marker must be still; 800. */
  readonly hold?: number;
  /** After how long somebody who forced a read is told that the file does not stand still; 10 000. */
  readonly patience?: number;
  /** Told each new, whole content, once per edit. */
  onContent(content: Buffer): void;
  /** Told once per change of state. */
  onEvent(event: WatchEvent): void;
}
