// Run in a user namespace of its own that allows no inotify watch: watches a file, edits it, then lifts the limit.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { place, record, versions } from './places.js';

const LIMIT = '/proc/sys/user/max_inotify_watches';
const cleanups: (() => Promise<void>)[] = [];
const { old, next } = versions('#END\n');
try {
  const t = { after: (fn: () => Promise<void>): void => void cleanups.unshift(fn) };
  const at = await place(old, t);
  await writeFile(LIMIT, '0');
  const seen = record(join(at.dir, 'gateway.yaml'), { first: Buffer.from(old), poll: 100 }, t);
  await seen.told('watcher-down');
  await writeFile(at.file, next);
  await seen.delivered(next);
  const blind = !seen.watch.up;
  await writeFile(LIMIT, '100');
  await seen.told('watcher-up');
  process.stdout.write(JSON.stringify({ blind, up: seen.watch.up, events: seen.events, contents: seen.contents.length }));
} finally {
  for (const cleanup of cleanups) await cleanup();
}
