import { idOf } from '../config/items.js';
import type { Config } from '../schema/file.js';
import type { Change } from './change.js';
import { changesOf, isTelling, type PluginKnowledge, type WithPlugins } from './plugins.js';

/** What changed about services, plugin configs and global rules. */
export interface SharedChanges {
  readonly none: boolean;
  /** Blames what a route with these subjects inherits for its loss of authentication; whether anything tells of one. */
  blame(subjects: readonly string[]): boolean;
  /** All of it, with what has been blamed. */
  changes(): Change[];
}

interface Told {
  readonly subject: string;
  readonly text: string;
  /** Whether it may be why a route meets less authentication. */
  readonly telling: boolean;
  blamed: boolean;
}

/** Compares what routes share. */
export function sharedChanges(before: Config, after: Config, known: PluginKnowledge): SharedChanges {
  const told = [
    ...compare('service', before.services, after.services, known),
    ...compare('plugin config', before.plugin_configs, after.plugin_configs, known),
    ...compare('global rule', before.global_rules, after.global_rules, known),
  ];
  return {
    none: told.length === 0,
    blame(subjects) {
      const guilty = told.filter(({ subject, telling }) => telling && (subject.startsWith('global rule ') || subjects.includes(subject)));
      for (const change of guilty) change.blamed = true;
      return guilty.length > 0;
    },
    changes: () => told.map(({ subject, text, blamed }) => ({ subject, text, loosens: blamed })),
  };
}

type Shared = WithPlugins & { readonly id?: string | number };

function compare(kind: string, before: readonly Shared[], after: readonly Shared[], known: PluginKnowledge): Told[] {
  const old = new Map(before.map((item, i) => [idOf(item, i), item]));
  const now = new Map(after.map((item, i) => [idOf(item, i), item]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [a, b] = [old.get(id), now.get(id)];
    const texts = a && b ? changesOf(a, b, known) : [a ? 'removed' : 'added'];
    const guards = Object.keys({ ...a?.plugins, ...b?.plugins }).some((name) => known.auth.has(name));
    return texts.map((text) => ({ subject: `${kind} ${id}`, text, telling: isTelling(text, known) || ((!a || !b) && guards), blamed: false }));
  });
}
