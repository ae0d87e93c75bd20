import { idOf } from '../config/items.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { Config } from '../schema/file.js';
import type { PluginConfigs } from '../schema/route.js';
import { differences, isEqual } from './differences.js';
import { withoutForms } from './forms.js';
import { wholly, type Finding, type Pair, type Subject } from './finding.js';
import { isMarked } from './marked.js';
import { pluginsFindings, type PluginKnowledge } from './plugins.js';
import { isHidden, wordsOf } from './words.js';

/** What one resource is called among people. */
const KINDS = {
  services: 'service', plugin_configs: 'plugin config', global_rules: 'global rule', upstreams: 'upstream', consumers: 'consumer', consumer_groups: 'consumer group',
  plugin_metadata: 'plugin metadata', secrets: 'secret manager', ssls: 'certificate',
} as const;

/** A block of resources. */
export type Block = keyof typeof KINDS;

/** All blocks but that of the routes. */
export const BLOCKS = Object.keys(KINDS) as readonly Block[];

/** The resources of a block in both configurations, by what they go by. */
export function pairsOf(block: Block, before: Config, after: Config): Pair[] {
  const [old, now] = [named(block, before), named(block, after)];
  return [...new Set([...old.keys(), ...now.keys()])].map((id) => ({ subject: subjectOf(block, id), before: old.get(id), after: now.get(id) }));
}

function subjectOf(block: Block, id: string): Subject {
  const kind = block === 'consumers' && id.includes('/credentials/') ? 'credential' : KINDS[block];
  return { resource: block, id, name: `${kind} ${id}` };
}

interface Item {
  readonly id?: string | number;
  readonly plugins?: PluginConfigs;
}

function named(block: Block, config: Config): ReadonlyMap<string, object> {
  const items: readonly Item[] = config[block];
  const names = new Map<string, object>();
  items.forEach((item, i) => {
    const name = nameOf(block, item, i);
    let unique = name;
    for (let n = 2; names.has(unique); n++) unique = `${name} (${n})`;
    names.set(unique, item);
  });
  return names;
}

/** Global rules without ids go by what they hold: nothing refers to them, and their places shift when one is added above. */
function nameOf(block: Block, item: Item, index: number): string {
  if (block === 'consumers') return (item as ConsumerConfig).username ?? String(item.id);
  if (block === 'global_rules' && item.id === undefined) return Object.keys(item.plugins ?? {}).sort().join(',');
  return idOf(item, index);
}

/** What changed of a resource: its plugins, then its other fields. */
export function resourceFindings(pair: Pair, known: PluginKnowledge): Finding[] {
  const { subject, before, after } = pair;
  if (!before || !after) return [wholly(pair)];
  if (isEqual(before, after)) return [];
  const { plugins: oldPlugins, ...oldFields }: Item = before;
  const { plugins: newPlugins, ...newFields }: Item = after;
  return [...pluginsFindings(subject, oldPlugins, newPlugins, known), ...fieldsFindings(subject, ...withoutForms(oldFields, newFields), subject.resource === 'plugin_metadata' ? known.marked : undefined)];
}

/** What changed between two mappings, a finding for each field; of those that are marked only that they did. */
export function fieldsFindings(subject: Subject, before: object, after: object, marked: ReadonlySet<string> = NONE): Finding[] {
  return differences(before, after).map((one) => {
    const hidden = isHidden(one) || isMarked(one, marked);
    return { subject, action: 'changed', path: one.path, before: one.before, after: one.after, hidden, text: wordsOf(one, hidden) };
  });
}

const NONE: ReadonlySet<string> = new Set();
