import { setTimeout as pause } from 'node:timers/promises';
import { endingOf } from '../watch/settle.js';
import { look, read, type Reading } from '../watch/sighting.js';
import type { WatchEvent } from '../watch.js';
import type { Following } from './follow.js';

/** What is read when it is asked for, and whom to tell. */
export interface ByHandOptions {
  readonly file: string;
  readonly first: Buffer;
  onContent(content: Buffer): void;
  onEvent(event: WatchEvent): void;
}

const TRIES = 10;
const PAUSE_MS = 20;

/** Reads the file only when it is asked for. A file that once ended with `#END` is not taken without it here either. */
export function followByHand({ file, first, onContent, onEvent }: ByHandOptions): Following {
  let guarded = isMarked(first);
  let absent = false;
  let closed = false;
  const force = async (): Promise<void> => {
    const reading = await readStill(file);
    if (closed) return;
    if ('code' in reading) {
      absent = true;
      return onEvent({ kind: isGone(reading.code) ? 'vanished' : 'unreadable', code: reading.code });
    }
    if (absent) onEvent({ kind: 'returned' });
    absent = false;
    if (guarded && !isMarked(reading.content)) return onEvent({ kind: 'waiting', lacking: 'end-marker' });
    guarded ||= isMarked(reading.content);
    onContent(reading.content);
  };
  return { force, close: async () => { closed = true; }, up: undefined };
}

/** Reads a content that did not change meanwhile; after many tries it is busy. */
async function readStill(file: string): Promise<Exclude<Reading, 'moved'>> {
  for (let tries = 0; tries < TRIES; tries++) {
    const sighting = await look(file, undefined);
    if (!sighting.found) return { code: sighting.code ?? 'EIO' };
    const reading = await read(sighting.found);
    if (reading !== 'moved') return reading;
    await pause(PAUSE_MS);
  }
  return { code: 'EBUSY' };
}

const isGone = (code: string): boolean => code === 'ENOENT' || code === 'ENOTDIR';

const isMarked = (content: Buffer): boolean => endingOf(content).startsWith('marked');
