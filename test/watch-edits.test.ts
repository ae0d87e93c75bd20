import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { edits } from './support/edits.js';
import type { Edit } from './support/edits.js';
import { has, place, record, versions } from './support/places.js';
import type { Settings } from './support/places.js';

/** Longer than any period of the watcher: a second delivery would have come. */
const AFTERMATH_MS = 1100;

const modes: readonly { name: string; ending: '' | '#END\n'; settings: Settings }[] = [
  { name: 'a plain file, with file events', ending: '', settings: {} },
  { name: 'a file with an end marker, with file events', ending: '#END\n', settings: {} },
  { name: 'a plain file, by polling alone', ending: '', settings: { native: false, poll: 50 } },
];

describe('the watcher delivers exactly once, and whole,', { concurrency: true }, () => {
  for (const mode of modes) {
    describe(mode.name, { concurrency: true }, () => {
      for (const edit of edits) {
        test(edit.name, async (t) => {
          if (edit.needs !== undefined && !(await has(edit.needs))) return t.skip(`${edit.needs} is not here`);
          await observeEdit(edit, mode.ending, mode.settings, t);
        });
      }
    });
  }
});

async function observeEdit(
  edit: Edit,
  ending: '' | '#END\n',
  settings: Settings,
  t: { after(fn: () => Promise<void>): void },
): Promise<void> {
  const { old, next } = versions(ending);
  const at = await place(old, t);
  await edit.prepare?.(at, old);
  const first = await readFile(at.file, 'utf8');
  const seen = record(at.file, { ...settings, first: Buffer.from(first) }, t);
  if (settings.native !== false) await seen.armed();
  await edit.apply(at, next, old);
  const final = await readFile(at.file, 'utf8');
  assert.equal(final === first, edit.idle === true);
  if (edit.idle === undefined) await seen.delivered(final);
  await sleep(AFTERMATH_MS);
  assert.deepEqual(seen.contents, edit.idle === undefined ? [final] : []);
}
