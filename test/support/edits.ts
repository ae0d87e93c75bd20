import {
  appendFile, chmod, link, mkdir, open, readFile, rename, rm, symlink, truncate, unlink, utimes, writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './places.js';
import type { Place } from './places.js';

/** One way in which people and programs change a file. */
export interface Edit {
  readonly name: string;
  /** The program it takes, where it is not on every machine. */
  readonly needs?: string;
  /** The file's content stays as it was. */
  readonly idle?: true;
  /** Lays the file out before it is watched. */
  prepare?(place: Place, old: string): Promise<void>;
  /** Changes the file's content to `next`. */
  apply(place: Place, next: string, old: string): Promise<void>;
}

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

async function inPieces(file: string, flags: string, text: string, pieces: number, gap: number): Promise<void> {
  const handle = await open(file, flags);
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) {
    if (at > 0) await sleep(gap);
    await handle.write(text.slice(at, at + size));
  }
  await handle.close();
}

async function beside(dir: string, text: string): Promise<string> {
  const file = join(dir, '.new');
  await writeFile(file, text);
  return file;
}

async function throughLink({ file, aside }: Place, old: string): Promise<void> {
  await rm(file);
  await writeFile(join(aside, 'target.yaml'), old);
  await symlink(join(aside, 'target.yaml'), file);
}

async function asConfigMap({ dir, file }: Place, old: string): Promise<void> {
  await rm(file);
  await mkdir(join(dir, '..v1'));
  await writeFile(join(dir, '..v1', 'gateway.yaml'), old);
  await symlink('..v1', join(dir, '..data'));
  await symlink('..data/gateway.yaml', file);
}

const plainWrites: readonly Edit[] = [
  { name: 'a write in place', apply: ({ file }, next) => writeFile(file, next) },
  {
    name: 'truncation, 50 ms, then a write',
    async apply({ file }, next) {
      await truncate(file, 0);
      await sleep(50);
      await appendFile(file, next);
    },
  },
  { name: 'a slow writer', apply: ({ file }, next) => inPieces(file, 'w', next, 10, 30) },
  {
    name: 'an append',
    prepare: ({ file }, old) => writeFile(file, old.slice(0, -30)),
    apply: ({ file }, _next, old) => appendFile(file, old.slice(-30)),
  },
  { name: 'an overwrite of the same length', apply: ({ file }, next) => inPieces(file, 'r+', next, 1, 0) },
  {
    name: 'a cut',
    prepare: ({ file }, old) => writeFile(file, `${old}# and more\n`),
    apply: ({ file }, _next, old) => truncate(file, old.length),
  },
  { name: 'dd', apply: async ({ dir, file }, next) => void (await run('dd', [`if=${await beside(dir, next)}`, `of=${file}`, 'bs=64'])) },
  { name: 'cp over it', apply: async ({ aside, file }, next) => void (await run('cp', [await beside(aside, next), file])) },
];

const replacements: readonly Edit[] = [
  { name: 'a rename within the directory', apply: async ({ dir, file }, next) => rename(await beside(dir, next), file) },
  { name: 'a rename from another directory', apply: async ({ aside, file }, next) => rename(await beside(aside, next), file) },
  {
    name: 'unlink and create at once',
    async apply({ file }, next) {
      await unlink(file);
      await writeFile(file, next);
    },
  },
  {
    name: 'unlink, 200 ms, then create',
    async apply({ file }, next) {
      await unlink(file);
      await sleep(200);
      await writeFile(file, next);
    },
  },
  {
    name: 'unlink and a slow writer',
    async apply({ file }, next) {
      await unlink(file);
      await inPieces(file, 'wx', next, 10, 30);
    },
  },
  {
    name: 'cp --remove-destination',
    apply: async ({ aside, file }, next) => void (await run('cp', ['--remove-destination', await beside(aside, next), file])),
  },
  {
    name: 'cp -p of an older file of the same size',
    async apply({ aside, file }, next) {
      const older = await beside(aside, next);
      await utimes(older, LONG_AGO, LONG_AGO);
      await run('cp', ['-p', older, file]);
    },
  },
  {
    name: 'mv of an older file',
    async apply({ aside, file }, next) {
      const older = await beside(aside, next);
      await utimes(older, LONG_AGO, LONG_AGO);
      await run('mv', [older, file]);
    },
  },
  {
    name: 'a hard link put in place',
    async apply({ dir, aside, file }, next) {
      await link(await beside(aside, next), join(dir, '.link'));
      await rename(join(dir, '.link'), file);
    },
  },
];

const editors: readonly Edit[] = [
  { name: 'sed -i', needs: 'sed', apply: async ({ file }) => void (await run('sed', ['-i', 's/version: 1/version: 2/', file])) },
  { name: 'vim that replaces the file', needs: 'vim', apply: ({ file }) => vim(file, 'no') },
  { name: 'vim that writes in place', needs: 'vim', apply: ({ file }) => vim(file, 'yes') },
  {
    name: 'an editor that renames the old file, writes, and removes the backup',
    async apply({ file }, next) {
      await rename(file, `${file}~`);
      await inPieces(file, 'wx', next, 2, 5);
      await unlink(`${file}~`);
    },
  },
  {
    name: 'an editor that copies the old file and writes in place',
    async apply({ file }, next) {
      await writeFile(`${file}~`, await readFile(file));
      await inPieces(file, 'w', next, 2, 5);
    },
  },
];

const links: readonly Edit[] = [
  {
    name: 'a symbolic link repointed',
    prepare: throughLink,
    async apply({ aside, file }, next) {
      await run('ln', ['-sfn', await beside(aside, next), file]);
    },
  },
  { name: 'a write to the target of a symbolic link', prepare: throughLink, apply: ({ aside }, next) => writeFile(join(aside, 'target.yaml'), next) },
  {
    name: 'the target of a symbolic link replaced',
    prepare: throughLink,
    apply: async ({ aside }, next) => rename(await beside(aside, next), join(aside, 'target.yaml')),
  },
  {
    name: 'a ConfigMap update',
    prepare: asConfigMap,
    async apply({ dir }, next) {
      await mkdir(join(dir, '..v2'));
      await writeFile(join(dir, '..v2', 'gateway.yaml'), next);
      await symlink('..v2', join(dir, '..data_tmp'));
      await rename(join(dir, '..data_tmp'), join(dir, '..data'));
      await rm(join(dir, '..v1'), { recursive: true });
    },
  },
];

const directories: readonly Edit[] = [
  {
    name: 'its directory renamed away and another put in place',
    async apply({ base, dir }, next) {
      await mkdir(join(base, 'other'));
      await writeFile(join(base, 'other', 'gateway.yaml'), next);
      await rename(dir, join(base, 'was'));
      await rename(join(base, 'other'), dir);
    },
  },
  {
    name: 'its directory deleted and created again',
    async apply({ dir, file }, next) {
      await rm(dir, { recursive: true });
      await mkdir(dir);
      await writeFile(file, next);
    },
  },
];

const idle: readonly Edit[] = [
  { name: 'touch', idle: true, apply: ({ file }) => utimes(file, new Date(), new Date()) },
  { name: 'chmod', idle: true, apply: ({ file }) => chmod(file, 0o600) },
  { name: 'a rewrite of the same content', idle: true, apply: ({ file }, _next, old) => writeFile(file, old) },
  { name: 'a replacement by the same content', idle: true, apply: async ({ dir, file }, _next, old) => rename(await beside(dir, old), file) },
];

/** Every way of changing a file that the watcher has to cope with. */
export const edits: readonly Edit[] = [...plainWrites, ...replacements, ...editors, ...links, ...directories, ...idle];

async function vim(file: string, backupcopy: 'yes' | 'no'): Promise<void> {
  const set = `set nocompatible writebackup backupcopy=${backupcopy}`;
  await run('vim', ['-u', 'NONE', '-es', '--cmd', set, '-c', '%s/version: 1/version: 2/', '-c', 'wq', file]);
}
