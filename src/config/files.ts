import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Modules } from '../modules/module.js';

/** Reads a whole file that a configuration refers to: its bytes, or why it cannot be read, as an errno code. */
export type ReadFile = (path: string) => Buffer | string;

/** The files that configurations refer to, and what they held when one was last loaded. */
export class ReferencedFiles {
  #held = new Map<string, string>();

  /** The way to read for one attempt to load: the files that it asks for, and its modules, replace those of the last one. */
  begin(modules?: Modules): ReadFile {
    const held = printsOf(modules);
    this.#held = held;
    return (path) => {
      const content = readNow(path);
      held.set(path, printOf(content));
      return content;
    };
  }

  /** Takes note of modules besides what is known: those of a content that is refused may be mended. */
  note(modules: Modules): void {
    this.#held = new Map([...this.#held, ...printsOf(modules)]);
  }

  /** What each file held, as a print to compare by. */
  get held(): ReadonlyMap<string, string> {
    return this.#held;
  }
}

const printsOf = (modules: Modules = new Map()): Map<string, string> => new Map([...modules.values()].map(({ path, print }) => [path, print]));

/** No certificate with its chain is larger, and no module of plugins. */
const LARGEST = 1024 * 1024;

/** Reads a file at once: they are small, and a load does not wait. */
export function readNow(path: string): Buffer | string {
  try {
    const info = statSync(path);
    // a pipe would be waited for
    if (!info.isFile()) return info.isDirectory() ? 'EISDIR' : 'EINVAL';
    return info.size > LARGEST ? 'EFBIG' : readFileSync(path);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  }
}

/** Tells contents apart. */
export function printOf(content: Buffer | string): string {
  return typeof content === 'string' ? content : createHash('sha256').update(content).digest('hex');
}
