import { isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import type { PluginConfig, RouteConfig } from '../schema/route.js';
import type { Change } from './change.js';
import { fieldChanges } from './fields.js';
import { Guards, opens, targetsOf } from './guards.js';
import { overtakings } from './order.js';

/** What changed about routes, and which of it lets requests through that were refused before. */
export function routesChanges(before: readonly RouteConfig[], after: readonly RouteConfig[], plugins: readonly Plugin[]): Change[] {
  const auth = new Set(plugins.filter(isAuthPlugin).map((plugin) => plugin.name));
  const options = new Map(plugins.map((plugin) => [plugin.name, optionsOf(plugin)]));
  const old = named(before);
  const now = named(after);
  const guards = { before: new Guards(before, auth), after: new Guards(after, auth) };
  // a route that did not change meets its requests as before, unless one that takes the same changed or overtook it
  const overtook = overtakings(old, now);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [a, b] = [old.get(name), now.get(name)];
    const changes = a && b ? [...changesOf(a, b, options), ...(overtook.get(name) ?? [])] : [a ? 'removed' : 'added'];
    const telling = changes.filter((text) => isTelling(text, auth));
    const blamed = changes.length > 0 && loosens(a, b, guards) ? (telling.length > 0 ? telling : changes.slice(0, 1)) : [];
    return changes.map((text) => ({ subject: `route ${name}`, text, loosens: blamed.includes(text) }));
  });
}

/** Whether something that a route took, or takes now, met a guard before and meets less of one now, be it on another route. */
function loosens(before: RouteConfig | undefined, after: RouteConfig | undefined, guards: { readonly before: Guards; readonly after: Guards }): boolean {
  const targets = [before, after].flatMap((route) => (route ? targetsOf(route) : []));
  return targets.some((target) => opens(guards.before.find(target), guards.after.find(target)));
}

const isTelling = (text: string, auth: ReadonlySet<string>): boolean =>
  [...auth].some((name) => text.startsWith(`${name} `)) || /^(?:uris?|hosts?|methods|status|priority|goes before)\b/.test(text);

/** Routes by id; those without one by what they match, since their places shift when one is added above. */
function named(routes: readonly RouteConfig[]): Map<string, RouteConfig> {
  const names = new Map<string, RouteConfig>();
  for (const route of routes) {
    const name = route.id === undefined ? matchOf(route) : String(route.id);
    let unique = name;
    for (let n = 2; names.has(unique); n++) unique = `${name} (${n})`;
    names.set(unique, route);
  }
  return names;
}

/** `GET,POST a.example /ip`. */
function matchOf({ methods, host, hosts, uri, uris }: RouteConfig): string {
  return [methods?.join(','), host ?? hosts?.join(','), uri ?? uris?.join(',')].filter((part) => part !== undefined && part !== '').join(' ');
}

function changesOf(before: RouteConfig, after: RouteConfig, options: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const { plugins: oldPlugins = {}, ...oldFields } = before;
  const { plugins: newPlugins = {}, ...newFields } = after;
  const names = [...new Set([...Object.keys(oldPlugins), ...Object.keys(newPlugins)])];
  return [...names.flatMap((name) => pluginChanges(name, oldPlugins[name], newPlugins[name], options.get(name))), ...fieldChanges(oldFields, newFields)];
}

function pluginChanges(name: string, before: PluginConfig | undefined, after: PluginConfig | undefined, known: ReadonlySet<string> = new Set()): string[] {
  if (!before) return [after?._meta?.disable === true ? `${name} added, disabled` : `${name} added`];
  if (!after) return [`${name} removed`];
  const { _meta: oldMeta = {}, ...oldOptions } = before;
  const { _meta: newMeta = {}, ...newOptions } = after;
  const { disable: oldOff = false, ...oldRest } = oldMeta;
  const { disable: newOff = false, ...newRest } = newMeta;
  // an option that the plugin does not know (it may be there while the plugin is off) may be a misplaced secret
  const shown = (config: object): object => Object.fromEntries(Object.entries(config).filter(([option]) => known.has(option)));
  return [
    ...(oldOff === newOff ? [] : [newOff ? `${name} disabled` : `${name} enabled`]),
    ...fieldChanges({ ...shown(oldOptions), ...oldRest }, { ...shown(newOptions), ...newRest }).map((text) => `${name} ${text}`),
  ];
}

function optionsOf(plugin: Plugin): ReadonlySet<string> {
  return new Set(Object.keys((plugin.schema as { readonly properties?: object }).properties ?? {}));
}
