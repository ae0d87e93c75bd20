import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';

/** A directory entry that decides what the file is: a symbolic link on the way, the file, or the name that is missing. */
export interface Spot {
  readonly dir: string;
  readonly name: string;
}

/** What was found at the file's path at one moment. */
export interface Sighting {
  /** The way to the file; the last one is the file itself, or the name that is missing. */
  readonly spots: readonly Spot[];
  /** Equal for two sightings only if nothing about the file changed in between. */
  readonly print: string;
  readonly found: Found | undefined;
  /** Why there is no file to read, as an errno code. */
  readonly code: string | undefined;
}

/** The regular file behind the path. */
export interface Found {
  readonly real: string;
  readonly inode: string;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly size: bigint;
  /** When the newest symbolic link of the way was put there, 0 without one. */
  readonly linked: bigint;
  /** Its times say that it was renamed to its path, and not touched since. */
  readonly renamed: boolean;
}

/** What a read gave: the bytes, `moved` when they changed meanwhile, or an errno code. */
export type Reading = { readonly content: Buffer } | { readonly code: string } | 'moved';

interface Way {
  readonly spots: readonly Spot[];
  readonly linked: bigint;
  readonly code: string | undefined;
}

const MAX_LINKS = 40;

/** Looks at the file without opening it; `last` spares walking the way again while it leads to the same place. */
export async function look(file: string, last: Sighting | undefined): Promise<Sighting> {
  try {
    const real = await realpath(file);
    const info = await stat(real, { bigint: true });
    if (!info.isFile()) return missed(await walk(file), info.isDirectory() ? 'EISDIR' : 'EINVAL');
    const known = last?.found?.real === real ? { spots: last.spots, linked: last.found.linked } : await walk(file);
    const print = [real, inodeOf(info), info.size, info.mtimeNs, info.ctimeNs].join('|');
    return last?.print === print ? last : await seen(real, info, print, known);
  } catch (error) {
    const way = await walk(file);
    return missed(way, way.code ?? codeOf(error));
  }
}

/** Reads the file seen, through one descriptor, and only if nothing touched it from the sighting to the last byte. */
export async function read(found: Found): Promise<Reading> {
  try {
    // A FIFO put in the file's place would otherwise block the open for ever.
    const handle = await open(found.real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!same(found, await handle.stat({ bigint: true }))) return 'moved';
      const content = await handle.readFile();
      const whole = BigInt(content.length) === found.size;
      return whole && same(found, await handle.stat({ bigint: true })) ? { content } : 'moved';
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'moved' : { code };
  }
}

/**
 * For how many milliseconds nothing touched the file, as its own times have it; negative when its clock is ahead of ours.
 *
 * Of the two times only the ctime cannot be set back: `cp -p` and `tar` do so with the mtime.
 */
export function ageOf({ ctime }: Found): number {
  return Date.now() - Number(ctime / 1_000_000n);
}

/** A directory's identity: its birth is part of it, since a new directory often gets the old one's inode number. */
export async function directoryIdentity(dir: string): Promise<string> {
  const info = await stat(dir, { bigint: true });
  return `${info.dev}:${info.ino}:${info.birthtimeNs}`;
}

/** The errno code of a thrown value, for events. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'EIO';
}

async function seen(real: string, info: BigIntStats, print: string, way: Pick<Way, 'spots' | 'linked'>): Promise<Sighting> {
  const { size, mtimeNs: mtime, ctimeNs: ctime } = info;
  const renamed = ctime > mtime && (await changedBy(dirname(real))) >= ctime;
  const found = { real, inode: inodeOf(info), mtime, ctime, size, linked: way.linked, renamed };
  return { spots: way.spots, print, found, code: undefined };
}

/**
 * When a directory's entries last changed.
 *
 * A write sets a file's mtime and ctime to the same instant, a rename the ctime only; but so do chmod and chown,
 * which may come halfway through a write. Only a rename changes the directory at that moment, too.
 */
async function changedBy(dir: string): Promise<bigint> {
  return (await stat(dir, { bigint: true })).mtimeNs;
}

function missed(way: Way, code: string): Sighting {
  return { spots: way.spots, print: `!${code}`, found: undefined, code };
}

function same(found: Found, info: BigIntStats): boolean {
  return (
    inodeOf(info) === found.inode && info.size === found.size && info.mtimeNs === found.mtime && info.ctimeNs === found.ctime
  );
}

function inodeOf(info: BigIntStats): string {
  return `${info.dev}:${info.ino}`;
}

/** Follows the path one name at a time, to learn which directory entries would change it. */
async function walk(file: string): Promise<Way> {
  const path = resolve(file);
  const { root } = parse(path);
  const rest = path.slice(root.length).split(sep).reverse();
  const spots: Spot[] = [];
  let at = root;
  let linked = 0n;
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    if (name === '' || name === '.') continue;
    const step = name === '..' ? { dir: dirname(at) } : await stepInto(at, name);
    if ('code' in step) return { spots: [...spots, culprit(at, name, step.code)], linked, code: step.code };
    if ('dir' in step) {
      if (rest.length === 0 && name !== '..') spots.push({ dir: at, name });
      at = step.dir;
      continue;
    }
    spots.push({ dir: at, name });
    if (spots.length > MAX_LINKS) return { spots, linked, code: 'ELOOP' };
    if (step.made > linked) linked = step.made;
    at = step.target.startsWith(root) ? root : at;
    rest.push(...step.target.split(sep).reverse());
  }
  return { spots, linked, code: undefined };
}

/** The entry whose change may mend a failed step: with ENOTDIR it is the one that should be a directory. */
function culprit(at: string, name: string, code: string): Spot {
  return code === 'ENOTDIR' ? { dir: dirname(at), name: basename(at) } : { dir: at, name };
}

type Step = { readonly dir: string } | { readonly target: string; readonly made: bigint } | { readonly code: string };

async function stepInto(at: string, name: string): Promise<Step> {
  const path = join(at, name);
  try {
    const info = await lstat(path, { bigint: true });
    if (!info.isSymbolicLink()) return { dir: path };
    return { target: await readlink(path), made: info.ctimeNs };
  } catch (error) {
    return { code: codeOf(error) };
  }
}
