import type { Observed } from '../cases/rig.js';
import type { Document } from '../config/document.js';
import type { LinkedConfig } from '../config/linked.js';
import type { Question } from './explain.js';
import type { Act } from './trace.js';

/** A request that went through a watched gateway, and everything that is known of it. */
export interface Scene {
  readonly question: Question;
  readonly observed: Observed;
  readonly acts: readonly Act[];
  readonly linked: LinkedConfig;
  readonly document: Document;
  /** Hides the secrets of the request. */
  readonly mask: (text: string) => string;
}
