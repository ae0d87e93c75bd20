import type { Plugin } from '../plugins/plugin.js';

/** A module of plugins that a configuration lists, as it was loaded. */
export interface Module {
  /** The file, whole. */
  readonly path: string;
  /** Tells its contents apart; an errno code when it could not be read. */
  readonly print: string;
  /** Differs whenever it was loaded anew. */
  readonly edition: string;
  readonly plugins: readonly Plugin[];
  /** Why it cannot be used. */
  readonly problem?: Problem;
}

/** What keeps a module from being used; a problem with one is a problem with all that it brings. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** Modules by the names under which a configuration lists them. */
export type Modules = ReadonlyMap<string, Module>;

/** Every plugin of modules. */
export const pluginsIn = (modules: Modules = new Map()): Plugin[] => [...modules.values()].flatMap(({ plugins }) => plugins);
