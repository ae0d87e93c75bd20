import { setTimeout as pause } from 'node:timers/promises';
import { endingOf, HOLD_MS, PATIENCE_MS } from './settle.js';
import { ageOf, look, read } from './sighting.js';
import type { Found, Sighting } from './sighting.js';

/** What the first read of a file came to: its content, `restless` when it never stood still, or an errno code. */
export type FirstReading = { readonly content: Buffer; readonly found: Found } | { readonly code: string } | 'restless';

/** How a first read waits; times in milliseconds. */
export interface Waiting {
  /** Told once, when the file has to be waited for. */
  onWait(): void;
  /** How long a file without an end marker must be still; 800. */
  readonly hold?: number;
  /** After how long a file that does not stand still is given up; 10 000. */
  readonly patience?: number;
}

const LOOK_MS = 50;

/**
 * Reads a file of which nothing is known yet, once nobody writes it any more: at once when it ends with its end marker
 * or has been still for the hold. A last line without its newline is taken then, too: many editors leave it so, and
 * there is no older content that could go on meanwhile.
 */
export async function readWhole(file: string, { onWait, hold = HOLD_MS, patience = PATIENCE_MS }: Waiting): Promise<FirstReading> {
  const began = performance.now();
  let since = began;
  let last: Sighting | undefined;
  let told = false;
  for (;;) {
    const sighting = await look(file, last);
    if (sighting.print !== last?.print) since = performance.now();
    last = sighting;
    if (!sighting.found) return { code: sighting.code ?? 'EIO' };
    const reading = await read(sighting.found);
    if (reading !== 'moved') {
      if ('code' in reading) return reading;
      const still = Math.max(performance.now() - since, ageOf(sighting.found));
      if (endingOf(reading.content) === 'marked' || still >= hold) return { content: reading.content, found: sighting.found };
    }
    if (performance.now() - began >= patience) return 'restless';
    if (!told) onWait();
    told = true;
    await pause(LOOK_MS);
  }
}
