import { readFile } from 'node:fs/promises';
import { printOf, type ReferencedFiles } from '../config/files.js';
import { codeOf } from './sighting.js';

const POLL_MS = 250;

/**
 * Watches the files that a configuration refers to. What they hold is compared with what was loaded; a change counts
 * once two looks in a row have seen the same in all of them, since a certificate and its key are rarely written at once.
 */
export function watchReferenced(files: ReferencedFiles, onChange: () => void, poll = POLL_MS): { close(): Promise<void> } {
  let seen = '';
  let told = '';
  let looking = Promise.resolve();
  let closed = false;
  let busy = false;
  const look = async (): Promise<void> => {
    const { held } = files;
    const now = await Promise.all([...held.keys()].map(async (path) => [path, await printNow(path)] as const));
    const whole = JSON.stringify(now);
    const still = whole === seen;
    seen = whole;
    if (closed || files.held !== held || !still || now.every(([path, print]) => held.get(path) === print)) return;
    // where it is judged elsewhere and refused, nothing here takes note of what the files held
    if (whole === told) return;
    told = whole;
    onChange();
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = look().finally(() => (busy = false));
  }, poll).unref();
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

async function printNow(path: string): Promise<string> {
  try {
    return printOf(await readFile(path));
  } catch (error) {
    return codeOf(error);
  }
}
