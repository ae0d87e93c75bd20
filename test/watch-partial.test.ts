import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { record, versions } from './support/places.js';
import type { Settings } from './support/places.js';

/** How a writer that stops in the middle went. */
interface Stop {
  readonly at: number;
  /** How long the file really stood half-written, in ms. */
  readonly stood: number;
  readonly contents: readonly string[];
}

interface Plan {
  readonly old: string;
  readonly next: string;
  readonly pause: number;
  readonly anew: boolean;
  readonly settings: Settings;
}

type Context = { after(fn: () => Promise<void>): void };

/** Generous, since a machine under load may stretch a pause beyond it, and then the file was at rest for all anyone can tell. */
const HOLD_MS = 1800;

describe('half of a marked file is never delivered', () => {
  test('when it is written in place and the writer stops at any byte, beyond every period', async (t) => {
    const { old, next } = long('#END\n');
    const settings = { quiet: 40, hold: 200, poll: 5000 };
    for (const range of waves(next.length, 1050)) {
      const stops = await stopAll(range, { old, next, pause: 400, anew: false, settings }, t);
      for (const stop of stops) assert.deepEqual(stop.contents.map(trimmed), [trimmed(next)], `stopped at byte ${stop.at}`);
    }
  });

});

describe('half a file is never delivered', { concurrency: true }, () => {
  test('when a marked file is removed and written anew, seen by polling alone', async (t) => {
    const { old, next } = versions('#END\n');
    const settings = { quiet: 40, hold: 200, poll: 100, native: false };
    const stops = await stopAll(every(9, next.length), { old, next, pause: 400, anew: true, settings }, t);
    for (const stop of stops) assert.deepEqual(stop.contents.map(trimmed), [trimmed(next)], `stopped at byte ${stop.at}`);
  });

  for (const { anew, step, how } of [{ anew: false, step: 1, how: 'in place' }, { anew: true, step: 3, how: 'anew' }]) {
    test(`when a plain file is written ${how} and the writer stops for 500 ms at any byte`, async (t) => {
      const { old, next } = versions('');
      let judged: readonly Stop[] = [];
      // so many at once may stand too long on a busy machine, each and every one: then fewer
      for (const sparse of [1, 20, 100]) {
        const stops = await stopAll(every(step * sparse, next.length), { old, next, pause: 500, anew, settings: { hold: HOLD_MS, poll: 5000 } }, t);
        judged = stops.filter(({ stood }) => stood < HOLD_MS);
        if (judged.length > 0) break;
      }
      assert.ok(judged.length > 0);
      for (const stop of judged) assert.deepEqual(stop.contents, [next], `stopped at byte ${stop.at}`);
    });
  }

  test('when a plain file stops within a line, for however long', async (t) => {
    const { old, next } = versions('');
    const within = every(11, next.length).filter((at) => at > 0 && next[at - 1] !== '\n');
    const stops = await stopAll(within, { old, next, pause: 500, anew: true, settings: { hold: 150, poll: 5000 } }, t);
    for (const stop of stops) assert.deepEqual(stop.contents, [next], `stopped at byte ${stop.at}`);
  });
});

/** Runs a writer for each of these bytes, all at the same time, each with a directory and a watcher of its own. */
async function stopAll(range: readonly number[], plan: Plan, t: Context): Promise<readonly Stop[]> {
  const base = await mkdtemp(join(tmpdir(), 'watch-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  return Promise.all(range.map((at) => stopOnce(join(base, `${at}`), at, plan, t)));
}

async function stopOnce(dir: string, at: number, plan: Plan, t: Context): Promise<Stop> {
  const file = join(dir, 'gateway.yaml');
  await mkdir(dir);
  await writeFile(file, plan.old);
  const seen = record(file, { ...plan.settings, first: Buffer.from(plan.old) }, t);
  if (plan.settings.native !== false) await seen.armed();
  const stood = await writeInTwo(file, at, plan);
  await seen.until(() => seen.contents.map(trimmed).includes(trimmed(plan.next)), 20_000);
  await seen.watch.close();
  return { at, stood, contents: seen.contents };
}

async function writeInTwo(file: string, at: number, { next, pause, anew }: Plan): Promise<number> {
  if (anew) await unlink(file);
  const handle = await open(file, anew ? 'wx' : 'w');
  const began = performance.now();
  await handle.write(next.slice(0, at));
  await sleep(pause);
  await handle.write(next.slice(at));
  const stood = performance.now() - began;
  await handle.close();
  return stood;
}

/** Two kilobytes of it. */
function long(ending: '#END\n'): { old: string; next: string } {
  const comment = `${'# A comment that makes the file longer.\n'.repeat(36)}#ENDPOINTS begin with a look-alike.\n`;
  const { old, next } = versions(ending);
  return { old: comment + old, next: comment + next };
}

function every(step: number, end: number): readonly number[] {
  return Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step);
}

function waves(end: number, size: number): readonly (readonly number[])[] {
  return every(size, end).map((from) => every(1, Math.min(size, end - from)).map((i) => from + i));
}

/** A file is whole from its end marker on, whatever space follows. */
function trimmed(text: string): string {
  return text.trimEnd();
}
