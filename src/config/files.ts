import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** Reads a whole file that a configuration refers to: its bytes, or why it cannot be read, as an errno code. */
export type ReadFile = (path: string) => Buffer | string;

/** The files that configurations refer to, and what they held when one was last loaded. */
export class ReferencedFiles {
  #held = new Map<string, string>();

  /** The way to read for one attempt to load: the files that it asks for replace those of the last one. */
  begin(): ReadFile {
    const held = new Map<string, string>();
    this.#held = held;
    return (path) => {
      const content = readNow(path);
      held.set(path, printOf(content));
      return content;
    };
  }

  /** What each file held, as a print to compare by. */
  get held(): ReadonlyMap<string, string> {
    return this.#held;
  }
}

/** No certificate with its chain is larger. */
const LARGEST = 1024 * 1024;

/** Reads a file at once: they are small, and a load does not wait. */
function readNow(path: string): Buffer | string {
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
