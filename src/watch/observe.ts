import { watch } from 'chokidar';
import { codeOf } from './sighting.js';

/** What an observer of one directory is told. */
export interface Observer {
  /** An entry was created, renamed or removed (`moved`), or its content or attributes changed (`changed`); the name may be unknown. */
  onEntry(change: 'moved' | 'changed', name: string | undefined): void;
  /** From now on nothing is missed. */
  onReady(): void;
  /** Events cannot be had; the observer is told nothing more. */
  onFailed(code: string): void;
}

/** Starts observing one directory and returns how to stop. */
export type Observe = (dir: string, observer: Observer) => () => Promise<void>;

/**
 * Observes one directory through chokidar.
 *
 * Only its `raw` events are used: the others are throttled at the leading edge and lose the last change of a burst.
 * The entries themselves are left out, so that a directory of many files costs one watch, and so that no event
 * comes from the inode of a file that was replaced.
 */
export const observeDirectory: Observe = (dir, observer) => {
  // chokidar turns backslashes into slashes, and would watch some other directory.
  if (dir.includes('\\') && process.platform !== 'win32') return refuse(observer, 'EINVAL');
  const watcher = watch(dir, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
    ignored: (path) => path.length > dir.length,
  });
  watcher.on('raw', (event, path, details) => {
    // Without `watchedPath` chokidar polls (CHOKIDAR_USEPOLLING), and the path is the directory's.
    const name = fromDirectory(details) && path !== '' ? path : undefined;
    observer.onEntry(event === 'rename' ? 'moved' : 'changed', name);
  });
  watcher.on('ready', () => observer.onReady());
  watcher.on('error', (error) => observer.onFailed(codeOf(error)));
  return async () => {
    const closing = watcher.close();
    // chokidar drops every listener, and a late error without one would end the process.
    watcher.on('error', () => undefined);
    await closing;
  };
};

function refuse(observer: Observer, code: string): () => Promise<void> {
  const timer = setImmediate(() => observer.onFailed(code));
  return async () => clearImmediate(timer);
}

function fromDirectory(details: unknown): boolean {
  return typeof details === 'object' && details !== null && 'watchedPath' in details;
}
