import { idOf } from '../config/link.js';
import { isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import type { ConsumerConfig } from '../schema/consumer.js';
import type { Config } from '../schema/file.js';
import type { PluginConfig, PluginConfigs, RouteConfig } from '../schema/route.js';
import { fieldChanges } from './fields.js';

/** One thing that changed between two configurations, in words. */
export interface Change {
  /** `route getting-started-ip`, `consumer tom`. */
  readonly subject: string;
  /** `key-auth disabled`. Never quotes a secret. */
  readonly text: string;
  /** Something that was closed is open now: authentication is gone from a route, or gives way to an anonymous consumer. */
  readonly loosens: boolean;
}

/** What changed from one configuration to the next; what loosens comes first. */
export function diff(before: Config, after: Config, plugins: readonly Plugin[]): Change[] {
  const auth = new Set(plugins.filter(isAuthPlugin).map((plugin) => plugin.name));
  const changes = [
    ...compare(byId(before.routes), byId(after.routes), (id, a, b) => routeChanges(id, a, b, auth)),
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

function routeChanges(id: string, before: RouteConfig | undefined, after: RouteConfig | undefined, auth: ReadonlySet<string>): Change[] {
  const subject = `route ${id}`;
  if (!before || !after) return kindChanges('route', id, before, after);
  const { plugins: oldPlugins = {}, ...oldFields } = before;
  const { plugins: newPlugins = {}, ...newFields } = after;
  const guards = (plugins: PluginConfigs): string[] => Object.keys(plugins).filter((name) => auth.has(name) && isOn(plugins[name]));
  const open = after.status !== 0 && guards(newPlugins).length === 0 && (guards(oldPlugins).length > 0);
  const names = [...new Set([...Object.keys(oldPlugins), ...Object.keys(newPlugins)])];
  return [
    ...names.flatMap((name) => pluginChanges(name, oldPlugins[name], newPlugins[name]).map((text) => ({ subject, text, loosens: auth.has(name) && (open || opens(oldPlugins[name], newPlugins[name])) }))),
    ...fieldChanges(oldFields, newFields).map((text) => ({ subject, text, loosens: false })),
  ];
}

const isOn = (config: PluginConfig | undefined): boolean => config !== undefined && config._meta?.disable !== true;

/** Whether an auth plugin that stays lets requests through now that it refused before. */
const opens = (before: PluginConfig | undefined, after: PluginConfig | undefined): boolean =>
  isOn(after) && after?.['anonymous_consumer'] !== undefined && before?.['anonymous_consumer'] === undefined && isOn(before);

function pluginChanges(name: string, before: PluginConfig | undefined, after: PluginConfig | undefined): string[] {
  if (!before) return [isOn(after) ? `${name} added` : `${name} added, disabled`];
  if (!after) return [`${name} removed`];
  const { _meta: oldMeta = {}, ...oldOptions } = before;
  const { _meta: newMeta = {}, ...newOptions } = after;
  const { disable: oldOff = false, ...oldRest } = oldMeta;
  const { disable: newOff = false, ...newRest } = newMeta;
  return [
    ...(oldOff === newOff ? [] : [newOff ? `${name} disabled` : `${name} enabled`]),
    ...fieldChanges({ ...oldOptions, ...oldRest }, { ...newOptions, ...newRest }).map((text) => `${name} ${text}`),
  ];
}

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

function kindChanges(kind: string, id: string, before: object | undefined, after: object | undefined): Change[] {
  const subject = `${kind} ${id}`;
  const texts = !before ? ['added'] : !after ? ['removed'] : fieldChanges(before, after);
  return texts.map((text) => ({ subject, text, loosens: false }));
}
