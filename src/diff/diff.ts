import { idOf } from '../config/items.js';
import type { Plugin } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { Config } from '../schema/file.js';
import type { Change } from './change.js';
import { fieldChanges, kindChanges } from './fields.js';
import { changesOf, knowledgeOf, pluginChanges, type PluginKnowledge, type WithPlugins } from './plugins.js';
import { routesChanges } from './routes.js';
import { sslsChanges } from './ssls.js';

export type { Change } from './change.js';

/** What changed from one configuration to the next; what loosens comes first. */
export function diff(before: Config, after: Config, plugins: readonly Plugin[]): Change[] {
  const known = knowledgeOf(plugins);
  const changes = [
    ...routesChanges(before, after, known),
    ...compare(byId(before.upstreams), byId(after.upstreams), (id, a, b) => kindChanges('upstream', id, a, b)),
    ...compare(byName(before.consumers), byName(after.consumers), (id, a, b) => consumerChanges(id, a, b, known)),
    ...compare(byId(before.consumer_groups), byId(after.consumer_groups), (id, a, b) => withPluginsChanges('consumer group', id, a, b, known)),
    ...compare(byId(before.plugin_metadata), byId(after.plugin_metadata), (id, a, b) => kindChanges('plugin metadata', id, a, b)),
    ...compare(byId(before.secrets), byId(after.secrets), (id, a, b) => kindChanges('secret manager', id, a, b)),
    ...fieldChanges(listedPlugins(before), listedPlugins(after)).map((text) => ({ subject: 'the list of plugins', text, loosens: false })),
    ...sslsChanges(byId(before.ssls), byId(after.ssls)),
    ...fieldChanges(before.gateway, after.gateway).map((text) => ({ subject: 'gateway', text, loosens: false })),
  ];
  return [...changes.filter((c) => c.loosens), ...changes.filter((c) => !c.loosens)];
}

const listedPlugins = ({ plugins }: Config): object => (plugins ? { plugins: plugins.map(({ name }) => name) } : {});

type Compare<T> = (id: string, before: T | undefined, after: T | undefined) => Change[];

function compare<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>, changes: Compare<T>): Change[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].flatMap((id) => changes(id, before.get(id), after.get(id)));
}

const byId = <T extends { readonly id?: string | number }>(items: readonly T[]): Map<string, T> => new Map(items.map((item, i) => [idOf(item, i), item]));
const byName = (items: readonly ConsumerConfig[]): Map<string, ConsumerConfig> => new Map(items.map((item) => [item.username ?? String(item.id), item]));

function withPluginsChanges(kind: string, id: string, before: WithPlugins | undefined, after: WithPlugins | undefined, known: PluginKnowledge): Change[] {
  if (!before || !after) return kindChanges(kind, id, before, after);
  return changesOf(before, after, known).map((text) => ({ subject: `${kind} ${id}`, text, loosens: false }));
}

function consumerChanges(id: string, before: ConsumerConfig | undefined, after: ConsumerConfig | undefined, { auth, options }: PluginKnowledge): Change[] {
  const kind = id.includes('/credentials/') ? 'credential' : 'consumer';
  if (!before || !after) return kindChanges(kind, id, before, after);
  const { plugins: oldPlugins = {}, ...oldFields } = before;
  const { plugins: newPlugins = {}, ...newFields } = after;
  const names = [...new Set([...Object.keys(oldPlugins), ...Object.keys(newPlugins)])];
  const plugins = names.flatMap((name) => {
    const [a, b] = [oldPlugins[name], newPlugins[name]];
    if (!auth.has(name)) return pluginChanges(name, a, b, options.get(name));
    // of a credential nothing is shown but that it changed
    if (!a || !b) return [`${name} credential ${a ? 'removed' : 'added'}`];
    return fieldChanges(a, b).length > 0 ? [`${name} credential changed`] : [];
  });
  return [...plugins, ...fieldChanges(oldFields, newFields)].map((text) => ({ subject: `${kind} ${id}`, text, loosens: false }));
}
