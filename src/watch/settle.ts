import { createHash } from 'node:crypto';

/**
 * How a content ends, which is all that tells a whole file from the first half of one.
 *
 * - `marked`: the last line is `#END`, with its newline: whole, whoever wrote it.
 * - `marked-open`: ends with `#END` but no newline yet, which is also how `#ENDPOINTS` begins.
 * - `line`: ends with some other whole line.
 * - `open`: the last line lacks its newline.
 * - `empty`: no byte at all, the usual first half of truncate-then-write.
 */
export type Ending = 'marked' | 'marked-open' | 'line' | 'open' | 'empty';

/**
 * How a content came to its path.
 *
 * - `replaced`: put in place in one step, by a rename or by repointing a symbolic link.
 * - `repointed`: a link was repointed, but within one clock tick of the last write: nearly sure.
 * - `written`: written in place, or nothing is known.
 */
export type Arrival = 'replaced' | 'repointed' | 'written';

/** What to do with a content that has been still for the quiet period; the last two wait for the author. */
export type Verdict = 'deliver' | 'hold' | 'end-marker' | 'newline';

/** How long a content that was written in place and tells nothing of its end must be still, in milliseconds. */
export const HOLD_MS = 800;
/** How long somebody who asked for a file to be read is left waiting while it does not stand still, in milliseconds. */
export const PATIENCE_MS = 10_000;

const NEWLINE = 10;
const TAIL_BYTES = 10;
const MARKER = '#END';

/** Tells how a content ends, looking at its last ten bytes only. */
export function endingOf(content: Buffer): Ending {
  if (content.length === 0) return 'empty';
  const after = afterMarker(content);
  if (after !== undefined) return content.includes(NEWLINE, after) ? 'marked' : 'marked-open';
  return content[content.length - 1] === NEWLINE ? 'line' : 'open';
}

/** Whether the last line is an end marker, with its newline or without. */
export function isMarked(content: Buffer): boolean {
  return afterMarker(content) !== undefined;
}

/** The hash by which contents are told apart; space after an end marker makes no difference. */
export function identityOf(content: Buffer): string {
  const whole = content.subarray(0, afterMarker(content) ?? content.length);
  return createHash('sha256').update(whole).digest('hex');
}

/**
 * Decides what to do with a content that has been still for the quiet period.
 *
 * @param guarded a marked content was loaded before, so nothing unmarked may follow it
 */
export function judge(ending: Ending, arrival: Arrival, guarded: boolean): Verdict {
  if (ending === 'marked') return 'deliver';
  if (guarded && ending !== 'marked-open') return 'end-marker';
  // A writer's open() of a new file looks like a rename until its first write.
  if (ending === 'empty') return 'hold';
  if (arrival === 'replaced') return 'deliver';
  return ending === 'open' && arrival === 'written' ? 'newline' : 'hold';
}

/** Where the end marker stops, or undefined when the last line is not one. */
function afterMarker(content: Buffer): number | undefined {
  const tail = content.subarray(-TAIL_BYTES).toString('latin1');
  const found = /#END[ \t\r\n]*$/.exec(tail);
  if (found === null) return undefined;
  const start = content.length - tail.length + found.index;
  const startsLine = start === 0 || content[start - 1] === NEWLINE;
  return startsLine ? start + MARKER.length : undefined;
}
