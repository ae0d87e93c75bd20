import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { look } from '../src/watch/sighting.js';
import type { Observe, Observer } from '../src/watch/observe.js';
import { place, record, run, versions } from './support/places.js';
import type { Recorded } from './support/places.js';

const { old, next } = versions('');
const marked = versions('#END\n');
const first = Buffer.from(old);

/** By then a watcher knows the file it began with, and tells another one from it. */
const FIRST_READ_MS = 300;
/** The file system's clock has moved on. */
const TICK_MS = 20;

describe('a burst of a thousand changes', { concurrency: true }, () => {
  const text = (version: number): string => `version: ${version}\n#END\n`;
  const count = 1000;

  test('in place ends with the last content, in few deliveries, never going back', async (t) => {
    const at = await place(text(0), t);
    const seen = record(at.file, { first: Buffer.from(text(0)) }, t);
    await seen.armed();
    for (let i = 1; i <= count; i += 1) await writeFile(at.file, text(i));
    await assertBurst(seen, text(count));
  });

  test('by rename ends with the last content, in few deliveries, never going back', async (t) => {
    const plain = (version: number): string => `version: ${version}\n`;
    const at = await place(plain(0), t);
    const seen = record(at.file, { first: Buffer.from(plain(0)) }, t);
    await seen.armed();
    for (let i = 1; i <= count; i += 1) {
      await writeFile(join(at.dir, 'tmp'), plain(i));
      await rename(join(at.dir, 'tmp'), at.file);
    }
    await assertBurst(seen, plain(count));
  });

  test('seen by polling alone ends with the last content', async (t) => {
    const at = await place(text(0), t);
    const seen = record(at.file, { first: Buffer.from(text(0)), native: false, poll: 50 }, t);
    for (let i = 1; i <= count; i += 1) await writeFile(at.file, text(i));
    await assertBurst(seen, text(count));
  });

  async function assertBurst(seen: Recorded, last: string): Promise<void> {
    await seen.delivered(last);
    assert.ok(seen.contents.length <= 10, `${seen.contents.length} deliveries`);
    assert.equal(seen.contents.at(-1), last);
    const versions = seen.contents.map((content) => Number(/\d+/.exec(content)?.[0]));
    assert.deepEqual(versions, [...new Set(versions)].sort((a, b) => a - b));
  }
});

describe('watching a file', { concurrency: true }, () => {
  describe('the watcher lives on', { concurrency: true }, () => {
    test('when the file vanishes and comes back', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await unlink(at.file);
      await seen.told('vanished');
      await writeFile(at.file, old);
      await seen.told('returned');
      await writeFile(at.file, next);
      await seen.delivered(next);
      assert.deepEqual(seen.events, [{ kind: 'vanished', code: 'ENOENT' }, { kind: 'returned' }]);
      assert.deepEqual(seen.contents, [next]);
    });

    test('when the directory is renamed away and back', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await rename(at.dir, join(at.base, 'was'));
      await seen.told('vanished');
      await rename(join(at.base, 'was'), at.dir);
      await seen.told('returned');
      await writeFile(at.file, next);
      await seen.delivered(next);
      assert.deepEqual(seen.contents, [next]);
    });

    test('when a directory takes the place of the file', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await unlink(at.file);
      await mkdir(at.file);
      await seen.told('unreadable');
      await rm(at.file, { recursive: true });
      await writeFile(at.file, next);
      await seen.delivered(next);
      assert.deepEqual(seen.events.filter(({ kind }) => kind !== 'vanished'), [
        { kind: 'unreadable', code: 'EISDIR' },
        { kind: 'returned' },
      ]);
    });

    test('when a FIFO takes the place of the file', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await unlink(at.file);
      await run('mkfifo', [at.file]);
      await seen.told('unreadable');
      await unlink(at.file);
      await writeFile(at.file, next);
      await seen.delivered(next);
    });

    test('when the file is a loop of symbolic links for a while', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await unlink(at.file);
      await symlink('gateway.yaml', at.file);
      await seen.until(() => seen.events.some((event) => event.kind === 'unreadable' && event.code === 'ELOOP'));
      await unlink(at.file);
      await writeFile(at.file, next);
      await seen.delivered(next);
    });

    test('when its whole way is missing from the start', async (t) => {
      const at = await place(old, t);
      const file = join(at.base, 'a', 'b', 'gateway.yaml');
      const seen = record(file, { first }, t);
      await seen.told('vanished');
      await mkdir(join(at.base, 'a', 'b'), { recursive: true });
      await writeFile(file, next);
      await seen.delivered(next);
    });

    test('when what it delivers to throws', async (t) => {
      const at = await place(marked.old, t);
      const seen = record(at.file, { first: Buffer.from(marked.old) }, t);
      seen.contents.push = () => {
        throw new Error('refused');
      };
      await writeFile(at.file, marked.next);
      await seen.told('failed');
    });

    test('and sees what changed between the first read and the start of the watch', async (t) => {
      const at = await place(next, t);
      const seen = record(at.file, { first }, t);
      await seen.delivered(next);
    });

    test('and says nothing more once it is closed', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 100 }, t);
      await seen.armed();
      const closing = seen.watch.close();
      await writeFile(at.file, next);
      await closing;
      await seen.watch.force();
      await sleep(300);
      assert.deepEqual([seen.contents, seen.events, seen.watch.up], [[], [], false]);
    });
  });

  describe('without file events', { concurrency: true }, () => {
    test('polling carries on, and the watch is tried again until it holds', async (t) => {
      const at = await place(marked.old, t);
      const asked: string[] = [];
      const fussy: Observe = (dir, observer) => {
        asked.push(dir);
        setImmediate(() => (asked.length < 3 ? observer.onFailed('EMFILE') : observer.onReady()));
        return async () => undefined;
      };
      const seen = record(at.file, { first: Buffer.from(marked.old), poll: 50 }, t, fussy);
      await seen.told('watcher-down');
      assert.equal(seen.watch.up, false);
      await writeFile(at.file, marked.next);
      await seen.delivered(marked.next);
      await seen.told('watcher-up');
      assert.equal(seen.watch.up, true);
      assert.deepEqual(seen.events, [{ kind: 'watcher-down', code: 'EMFILE' }, { kind: 'watcher-up' }]);
    });

    test('an error later on takes the watch down and up again', async (t) => {
      const at = await place(marked.old, t);
      const observers: Observer[] = [];
      const observe: Observe = (_dir, observer) => {
        observers.push(observer);
        observer.onReady();
        return async () => undefined;
      };
      const seen = record(at.file, { first: Buffer.from(marked.old), poll: 50 }, t, observe);
      await seen.armed();
      observers.at(-1)?.onFailed('ENOSPC');
      assert.equal(seen.watch.up, false);
      await seen.told('watcher-up');
      await writeFile(at.file, marked.next);
      await seen.delivered(marked.next);
      assert.deepEqual(seen.events, [{ kind: 'watcher-down', code: 'ENOSPC' }, { kind: 'watcher-up' }]);
    });

    test('the system may refuse for real', async (t) => {
      const program = join(import.meta.dirname, 'support', 'starved.js');
      const confined = await run('unshare', ['-Ur', 'true']).then(() => true, () => false);
      if (!confined) return t.skip('no user namespaces here');
      const { stdout } = await run('unshare', ['-Ur', process.execPath, program]);
      assert.deepEqual(JSON.parse(stdout), {
        blind: true,
        up: true,
        events: [{ kind: 'watcher-down', code: 'ENOSPC' }, { kind: 'watcher-up' }],
        contents: 1,
      });
    });

    test('a rename is still told from a write in place', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, native: false, poll: 50, hold: 60_000 }, t);
      await sleep(FIRST_READ_MS);
      // on a busy machine it may not have been read yet
      await seen.watch.force();
      await writeFile(join(at.dir, 'tmp'), next);
      await sleep(TICK_MS);
      await rename(join(at.dir, 'tmp'), at.file);
      await seen.delivered(next);
    });

    test('when none are wanted, the watch is never up', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, native: false, poll: 50, hold: 100 }, t);
      await writeFile(at.file, next);
      await seen.delivered(next);
      assert.equal(seen.watch.up, false);
      assert.deepEqual(seen.events, []);
    });
  });

  describe('force', { concurrency: true }, () => {
    test('delivers the same bytes again, once', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 100 }, t);
      await seen.watch.force();
      assert.deepEqual(seen.contents, [old]);
      await sleep(400);
      assert.deepEqual(seen.contents, [old]);
    });

    test('takes a file that has been still for the hold at once, be the last look long ago', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, byHand: true, hold: 300 }, t);
      await writeFile(at.file, next);
      await sleep(350);
      await seen.watch.force();
      assert.deepEqual([seen.contents, seen.events], [[next], []]);
    });

    for (const byHand of [false, true]) {
      test(`waits for a write in place to come to its end, ${byHand ? 'by hand' : 'watched'}`, async (t) => {
        const at = await place(old, t);
        const seen = record(at.file, { first, byHand, hold: 600 }, t);
        await writeFile(at.file, next.slice(0, next.length / 2));
        await seen.watch.force();
        await sleep(200);
        await appendFile(at.file, next.slice(next.length / 2));
        await seen.delivered(next);
        assert.deepEqual([seen.contents, seen.events], [[next], [{ kind: 'held' }]]);
      });

      test(`says what a last line lacks, and delivers it when it has ended, ${byHand ? 'by hand' : 'watched'}`, async (t) => {
        const at = await place(old, t);
        const seen = record(at.file, { first, byHand, hold: 100, poll: 60_000, native: false }, t);
        await writeFile(at.file, next.slice(0, -1));
        await sleep(150);
        await seen.watch.force();
        assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'waiting', lacking: 'newline' }]]);
        await appendFile(at.file, '\n');
        await seen.watch.force();
        await seen.delivered(next);
        assert.deepEqual(seen.contents, [next]);
      });

      test(`says that a file does not stand still, ${byHand ? 'by hand' : 'watched'}`, async (t) => {
        const at = await place(old, t);
        const seen = record(at.file, { first, byHand, hold: 60_000, patience: 300 }, t);
        await writeFile(at.file, next);
        await seen.watch.force();
        await seen.told('waiting');
        assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'held' }, { kind: 'waiting', lacking: 'rest' }]]);
      });

      test(`delivers again what was rewritten by the same bytes, once, ${byHand ? 'by hand' : 'watched'}`, async (t) => {
        const at = await place(old, t);
        const seen = record(at.file, { first, byHand, hold: 600 }, t);
        await writeFile(at.file, next);
        await seen.watch.force();
        await writeFile(at.file, old);
        await seen.delivered(old);
        await sleep(400);
        assert.deepEqual(seen.contents, [old]);
      });
    }

    test('by hand takes a file that was renamed into place without the hold', async (t) => {
      const at = await place(old, t);
      const { found } = await look(at.file, undefined);
      assert.ok(found);
      const seen = record(at.file, { first, origin: found, byHand: true, hold: 60_000 }, t);
      await writeFile(join(at.dir, 'tmp'), next);
      await sleep(TICK_MS);
      await rename(join(at.dir, 'tmp'), at.file);
      await seen.watch.force();
      await seen.delivered(next);
      assert.deepEqual(seen.events, []);
    });

    test('by hand is all that delivers', async (t) => {
      const at = await place(marked.old, t);
      const seen = record(at.file, { first: Buffer.from(marked.old), byHand: true, poll: 20 }, t);
      await writeFile(at.file, marked.next);
      await seen.watch.force();
      await seen.delivered(marked.next);
      await writeFile(at.file, marked.old);
      await sleep(400);
      assert.deepEqual([seen.contents, seen.events, seen.watch.up], [[marked.next], [], false]);
    });

    test('does not deliver a file that lost its end marker, and says so', async (t) => {
      const at = await place(marked.old, t);
      const seen = record(at.file, { first: Buffer.from(marked.old) }, t);
      await writeFile(at.file, next);
      await seen.watch.force();
      assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'waiting', lacking: 'end-marker' }]]);
    });

    test('of a missing file says so', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await unlink(at.file);
      await seen.watch.force();
      assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'vanished', code: 'ENOENT' }]]);
    });

    test('many at once are served one after the other', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first }, t);
      await Promise.all([seen.watch.force(), seen.watch.force(), seen.watch.force()]);
      assert.deepEqual(seen.contents, [old, old, old]);
    });
  });

  describe('an unfinished file', { concurrency: true }, () => {
    test('that lost its end marker waits for it, even when renamed into place, and its author is told once', async (t) => {
      const at = await place(marked.old, t);
      const seen = record(at.file, { first: Buffer.from(marked.old), hold: 100, poll: 50 }, t);
      await writeFile(join(at.dir, 'tmp'), next);
      await rename(join(at.dir, 'tmp'), at.file);
      await seen.told('waiting');
      await sleep(300);
      assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'waiting', lacking: 'end-marker' }]]);
      await appendFile(at.file, '#END\n');
      await seen.delivered(`${next}#END\n`);
    });

    test('that gains an end marker may not lose it again', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 100 }, t);
      await writeFile(at.file, marked.next);
      await seen.delivered(marked.next);
      await writeFile(at.file, old);
      await seen.told('waiting');
      assert.deepEqual(seen.contents, [marked.next]);
    });

    test('whose last line lacks its newline waits for it, and its author is told', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 100 }, t);
      await writeFile(at.file, next.slice(0, -1));
      await seen.told('waiting');
      assert.deepEqual([seen.contents, seen.events], [[], [{ kind: 'waiting', lacking: 'newline' }]]);
      await appendFile(at.file, '\n');
      await seen.delivered(next);
    });

    test('without its last newline is whole when renamed into place', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 60_000 }, t);
      await seen.armed();
      await writeFile(join(at.dir, 'tmp'), 'version: 3');
      await rename(join(at.dir, 'tmp'), at.file);
      await seen.delivered('version: 3');
    });

    for (const native of [true, false]) {
      test(`is not whole because its mode is changed halfway, ${native ? 'with file events' : 'by polling alone'}`, async (t) => {
        const half = next.lastIndexOf('\n', next.length / 2) + 1;
        const at = await place(old, t);
        const seen = record(at.file, { first, native, hold: 1500, poll: 200 }, t);
        await sleep(FIRST_READ_MS);
        // Not unlinked: the new file would get the old one's inode number, which is too easy.
        await rename(at.file, `${at.file}~`);
        await writeFile(at.file, next.slice(0, half));
        await sleep(TICK_MS);
        await chmod(at.file, 0o600);
        await sleep(500);
        await appendFile(at.file, next.slice(half));
        await seen.delivered(next);
        assert.deepEqual(seen.contents, [next]);
      });
    }

    test('that is empty is held, then delivered', async (t) => {
      const at = await place(old, t);
      const seen = record(at.file, { first, hold: 200 }, t);
      await writeFile(at.file, '');
      await seen.delivered('');
    });
  });
});

describe('the time from the end of an edit to its delivery', () => {
  test('is below 300 ms for a rename of a plain file within a millisecond', async (t) => {
    const at = await place(old, t);
    const seen = record(at.file, { first }, t);
    await seen.armed();
    const tmp = join(at.dir, 'tmp');
    const median = await medianOf(seen, async (text) => {
      await writeFile(tmp, text);
      await rename(tmp, at.file);
    });
    assert.ok(median < 300, `${median} ms`);
    t.diagnostic(`median ${median.toFixed(0)} ms`);
  });

  test('is below 300 ms for a write in place of a file with an end marker', async (t) => {
    const at = await place(marked.old, t);
    const seen = record(at.file, { first: await readFile(at.file) }, t);
    await seen.armed();
    const median = await medianOf(seen, (text) => writeFile(at.file, `${text}#END\n`));
    assert.ok(median < 300, `${median} ms`);
    t.diagnostic(`median ${median.toFixed(0)} ms`);
  });

  async function medianOf(seen: Recorded, edit: (text: string) => Promise<void>): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      await edit(`version: ${i}\n`);
      const end = performance.now();
      await seen.until(() => seen.contents.length > i);
      times.push((seen.times.at(-1) ?? Infinity) - end);
    }
    return times.sort((a, b) => a - b)[5] ?? Infinity;
  }
});
