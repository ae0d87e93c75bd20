import type { Action } from './change.js';

/** A resource, as it is called. */
export interface Subject {
  /** The block of the file. */
  readonly resource: string;
  readonly id: string | undefined;
  /** `route orders`. */
  readonly name: string;
}

/** A change before it is judged: its values are those of the file, secrets included. */
export interface Finding {
  readonly subject: Subject;
  readonly action: Action;
  /** Keys from the resource on; none of a resource that came, went or changed its place. */
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly text: string;
  /** Whether nothing of its values may be told. */
  readonly hidden?: boolean;
}

/** A resource in both configurations; undefined where it is not. */
export interface Pair<T extends object = object> {
  readonly subject: Subject;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** A finding about a resource as a whole. */
export function wholly({ subject, before, after }: Pair, text?: string): Finding {
  const action = !before ? 'added' : !after ? 'removed' : 'changed';
  return { subject, action, path: [], before, after, hidden: true, text: text ?? action };
}
