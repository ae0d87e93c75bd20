import type { Arrival } from './settle.js';
import type { Trace } from './directories.js';
import type { Found } from './sighting.js';

/** What is remembered of a file while it is at its path. */
export interface Track {
  readonly real: string;
  readonly inode: string;
  readonly mtime: bigint;
  readonly size: bigint;
  /** What its times said when it was first seen there; a later chmod changes them too. */
  readonly first: Arrival;
  /** It was seen to grow, shrink or be written since. */
  readonly rewritten: boolean;
}

/**
 * Follows the file at the path from one sighting to the next.
 *
 * @param base the file whose content was dealt with last
 */
export function follow(track: Track | undefined, base: Track | undefined, found: Found): Track {
  const { real, inode, mtime, size } = found;
  if (track === undefined || track.inode !== inode || track.real !== real) {
    return { real, inode, mtime, size, first: firstSight(base, found), rewritten: false };
  }
  const rewritten = track.rewritten || track.mtime !== mtime || track.size !== size;
  return { ...track, mtime, size, rewritten };
}

/** Tells how the file at the path came there; events know best, then the times, and in doubt it was written in place. */
export function arrivalOf(track: Track, trace: Trace): Arrival {
  if (trace === 'moved') return 'replaced';
  return trace === 'written' || track.rewritten ? 'written' : track.first;
}

function firstSight(base: Track | undefined, found: Found): Arrival {
  if (base === undefined || (base.inode === found.inode && base.real === found.real)) return 'written';
  if (base.real !== found.real) {
    if (found.linked > found.ctime) return 'replaced';
    if (found.linked === found.ctime) return 'repointed';
  }
  return found.renamed ? 'replaced' : 'written';
}
