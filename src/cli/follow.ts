import type { Reloader } from '../reload.js';
import type { ReferencedFiles } from '../config/files.js';
import { watchFile, type Watch, type WatchEvent } from '../watch.js';
import { watchReferenced } from '../watch/referenced.js';
import type { First } from './first.js';

/** How the gateway learns what its file says. */
export interface Following {
  /** Reads the file now; one that may be half written is applied as soon as it is whole. */
  force(): Promise<void>;
  close(): Promise<void>;
  /** Whether file events are had; undefined when saves are not watched for. */
  readonly up: boolean | undefined;
}

/** What to follow, and how. */
export interface FollowOptions {
  readonly config: string;
  readonly watch: boolean;
  readonly poll?: number;
  /** Takes a content that is whole. */
  readonly onContent: (content: Buffer) => void;
}

/** Follows the file from its first content on: what it says goes to `onContent`, and why it cannot be had is noted. */
export function follow({ config: file, watch, poll, onContent }: FollowOptions, { content: first, found: origin }: Pick<First, 'content' | 'found'>, files: ReferencedFiles, reloader: Reloader, tell: (event: WatchEvent) => void): Following {
  const onEvent = (event: WatchEvent): void => {
    note(event, reloader);
    tell(event);
  };
  const following = watchFile({ file, first, ...(origin && { origin }), byHand: !watch, onContent, onEvent, ...(poll !== undefined && { poll }) });
  const referenced = watch ? watchReferenced(files, () => reloader.again(), poll) : undefined;
  return referenced ? withFiles(following, referenced) : { force: () => following.force(), close: () => following.close(), up: undefined };
}

/** The file, and those that it refers to. */
function withFiles(following: Watch, referenced: { close(): Promise<void> }): Following {
  return {
    force: () => following.force(),
    close: async () => {
      await referenced.close();
      await following.close();
    },
    get up() {
      return following.up;
    },
  };
}

function note({ kind }: WatchEvent, reloader: Reloader): void {
  if (kind === 'vanished' || kind === 'unreadable') reloader.stale('absent', true);
  if (kind === 'returned') reloader.stale('absent', false);
  if (kind === 'waiting') reloader.stale('unfinished', true);
  if (kind === 'unchanged') reloader.stale('unfinished', false);
}
