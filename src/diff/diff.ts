import { idOf } from '../config/items.js';
import type { Plugin } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { Config } from '../schema/file.js';
import type { Change } from './change.js';
import { fieldChanges, kindChanges } from './fields.js';
import { routesChanges } from './routes.js';

export type { Change } from './change.js';

/** What changed from one configuration to the next; what loosens comes first. */
export function diff(before: Config, after: Config, plugins: readonly Plugin[]): Change[] {
  const changes = [
    ...routesChanges(before.routes, after.routes, plugins),
    ...compare(byId(before.upstreams), byId(after.upstreams), (id, a, b) => kindChanges('upstream', id, a, b)),
    ...compare(byName(before.consumers), byName(after.consumers), consumerChanges),
    ...fieldChanges(before.gateway, after.gateway).map((text) => ({ subject: 'gateway', text, loosens: false })),
  ];
  return [...changes.filter((c) => c.loosens), ...changes.filter((c) => !c.loosens)];
}

type Compare<T> = (id: string, before: T | undefined, after: T | undefined) => Change[];

function compare<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>, changes: Compare<T>): Change[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].flatMap((id) => changes(id, before.get(id), after.get(id)));
}

const byId = <T extends { readonly id?: string | number }>(items: readonly T[]): Map<string, T> => new Map(items.map((item, i) => [idOf(item, i), item]));
const byName = (items: readonly ConsumerConfig[]): Map<string, ConsumerConfig> => new Map(items.map((item) => [item.username ?? String(item.id), item]));

function consumerChanges(id: string, before: ConsumerConfig | undefined, after: ConsumerConfig | undefined): Change[] {
  const kind = id.includes('/credentials/') ? 'credential' : 'consumer';
  if (!before || !after) return kindChanges(kind, id, before, after);
  const { plugins: oldPlugins = {}, ...oldFields } = before;
  const { plugins: newPlugins = {}, ...newFields } = after;
  const names = [...new Set([...Object.keys(oldPlugins), ...Object.keys(newPlugins)])];
  const credentials = names.flatMap((name) => {
    const [a, b] = [oldPlugins[name], newPlugins[name]];
    // of a credential nothing is shown but that it changed
    if (!a || !b) return [`${name} credential ${a ? 'removed' : 'added'}`];
    return fieldChanges(a, b).length > 0 ? [`${name} credential changed`] : [];
  });
  return [...credentials, ...fieldChanges(oldFields, newFields)].map((text) => ({ subject: `${kind} ${id}`, text, loosens: false }));
}
