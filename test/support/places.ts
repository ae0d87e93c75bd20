import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { watchFile } from '../../src/watch.js';
import type { Watch, WatchEvent, WatchOptions } from '../../src/watch.js';

/** A directory of its own with a file to watch, and one beside it on the same file system. */
export interface Place {
  readonly base: string;
  readonly dir: string;
  readonly aside: string;
  readonly file: string;
}

/** A watcher and all that it said. */
export interface Recorded {
  readonly watch: Watch;
  readonly contents: string[];
  /** When each content came, on the clock of `performance.now`. */
  readonly times: number[];
  readonly events: WatchEvent[];
  /** Resolves once this holds, checked whenever the watcher says something. */
  until(condition: () => boolean, deadline?: number): Promise<void>;
  /** Resolves once this content was delivered. */
  delivered(content: string, deadline?: number): Promise<void>;
  /** Resolves once an event of this kind was told. */
  told(kind: WatchEvent['kind'], deadline?: number): Promise<void>;
  armed(): Promise<void>;
}

/** What a test may set. */
export type Settings = Partial<Omit<WatchOptions, 'file' | 'onContent' | 'onEvent'>>;

/** Creates a place, and removes it after the test. */
export async function place(content: string, t: { after(fn: () => Promise<void>): void }): Promise<Place> {
  const base = await mkdtemp(join(tmpdir(), 'watch-'));
  t.after(() => rm(base, { recursive: true, force: true }));
  const made = { base, dir: join(base, 'conf'), aside: join(base, 'aside'), file: join(base, 'conf', 'gateway.yaml') };
  await mkdir(made.dir);
  await mkdir(made.aside);
  await writeFile(made.file, content);
  return made;
}

/** Watches a file and records what comes of it. */
export function record(
  file: string,
  settings: Settings & { readonly first: Buffer },
  t: { after(fn: () => Promise<void>): void },
  observe?: Parameters<typeof watchFile>[1],
): Recorded {
  const contents: string[] = [];
  const times: number[] = [];
  const events: WatchEvent[] = [];
  const checks = new Set<() => void>();
  const onContent = (content: Buffer): void => {
    contents.push(content.toString());
    times.push(performance.now());
    for (const check of checks) check();
  };
  const onEvent = (event: WatchEvent): void => {
    events.push(event);
    for (const check of checks) check();
  };
  const watch = watchFile({ file, ...settings, onContent, onEvent }, observe);
  t.after(() => watch.close());
  const until = (condition: () => boolean, deadline = 10_000): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        checks.delete(check);
        settle();
      };
      const check = (): void => {
        if (condition()) finish(resolve);
      };
      const said = (): string => JSON.stringify({ contents: contents.map((text) => text.slice(0, 40)), events });
      const timer = setTimeout(() => finish(() => reject(new Error(`not within ${deadline} ms: ${said()}`))), deadline);
      checks.add(check);
      check();
    });
  return {
    watch,
    contents,
    times,
    events,
    until,
    delivered: (content, deadline) => until(() => contents.includes(content), deadline),
    told: (kind, deadline) => until(() => events.some((event) => event.kind === kind), deadline),
    armed: async () => {
      while (!watch.up) await sleep(5);
    },
  };
}

/** Two versions of a configuration, of the same length. */
export function versions(ending: '' | '#END\n'): { old: string; next: string } {
  const body = Array.from({ length: 10 }, (_, i) => `  - id: route-${i}\n    uri: /r${i}\n    plugins: {key-auth: {}}\n`);
  const text = (version: number): string => `version: ${version}\nroutes:\n${body.join('')}${ending}`;
  return { old: text(1), next: text(2) };
}

/** Runs a program to its end. */
export const run = promisify(execFile);

/** Whether a program can be run here. */
export async function has(program: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}
