import type { Document } from '../config/document.js';
import type { ReferencedFiles } from '../config/files.js';
import type { LinkedConfig } from '../config/linked.js';
import type { Plugin, PluginEvent } from '../plugins/plugin.js';
import type { TellUpstream } from '../upstream/events.js';
import { createPool, type Connect } from '../upstream/pool.js';

/** What a configuration may depend on besides its text and the environment. */
export interface Surroundings {
  /** What the nodes of upstreams are reached through. */
  readonly connect: Connect;
  /** Whether names are looked up and nodes are checked; without, nodes are what is written. */
  readonly lively: boolean;
  /** Where `$file://` references are read, and remembered; by default each loader has its own. */
  readonly files?: ReferencedFiles;
  /** The time by which certificates expire, in milliseconds since 1970. */
  readonly now: () => number;
  /** Told of what happens to nodes and names while the gateway runs. */
  readonly tell: TellUpstream;
  /** Takes plugins of modules, and returns those that run in their place. */
  readonly watch?: (plugins: readonly Plugin[]) => readonly Plugin[];
  /** Told of what plugins meet. */
  readonly tellOfPlugin: (event: PluginEvent) => void;
  /** Sees what is compiled. */
  readonly onLinked?: (config: LinkedConfig, document: Document) => void;
}

/** What there is when a gateway serves. */
export const SURROUNDINGS: Surroundings = { connect: createPool, lively: true, now: Date.now, tell: () => {}, tellOfPlugin: () => {} };
