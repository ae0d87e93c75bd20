import type { Config } from '../schema/file.js';
import type { PluginConfigs, RouteConfig } from '../schema/route.js';
import type { Change } from './change.js';
import { Guards, guardOf, opens, targetsOf } from './guards.js';
import { effectiveRoutes, globalPlugins, type EffectiveRoute } from './inherit.js';
import { overtakings } from './order.js';
import { changesOf, isTelling, type PluginKnowledge } from './plugins.js';
import { sharedChanges, type SharedChanges } from './shared.js';

/**
 * What changed about routes and what they share (services, plugin configs, global rules), and which of it lets
 * requests through that were refused before.
 */
export function routesChanges(before: Config, after: Config, known: PluginKnowledge): Change[] {
  const [old, now] = [stateOf(before, known), stateOf(after, known)];
  const shared = sharedChanges(before, after, known);
  const overtook = overtakings(old.named, now.named);
  const routes = [...new Set([...old.named.keys(), ...now.named.keys()])].flatMap((name) => {
    const [a, b] = [old.named.get(name), now.named.get(name)];
    const texts = a && b ? [...changesOf(old.written.get(a) ?? a, now.written.get(b) ?? b, known), ...(overtook.get(name) ?? [])] : [a ? 'removed' : 'added'];
    // a route that did not change meets its requests as before, unless what it inherits changed, or one that takes the same
    const loosened = texts.length > 0 || !sameMatch(a, b) ? loosens(a, b, old, now) : opens(a && old.guardOf(a), b && now.guardOf(b));
    const blamed = loosened ? blame(texts, [...(a?.from ?? []), ...(b?.from ?? [])], shared, known) : [];
    return [...new Set([...texts, ...blamed])].map((text) => ({ subject: `route ${name}`, text, loosens: blamed.includes(text) }));
  });
  return [...routes, ...shared.changes()];
}

/** Said where nothing else tells why: it is never passed over. */
const INHERITED = 'less authentication than before, by what it inherits';

/** What of one configuration decides who gets through. */
interface State {
  /** The routes as they run, by what they are called. */
  readonly named: ReadonlyMap<string, EffectiveRoute>;
  /** As they are written. */
  readonly written: ReadonlyMap<EffectiveRoute, RouteConfig>;
  readonly guards: Guards;
  guardOf(route: EffectiveRoute): ReturnType<typeof guardOf>;
}

function stateOf(config: Config, { auth }: PluginKnowledge): State {
  const runs = effectiveRoutes(config);
  const global: PluginConfigs = globalPlugins(config);
  const named = new Map([...namesOf(config.routes)].flatMap(([name, route]) => { const run = runs.get(route); return run ? [[name, run]] : []; }));
  return {
    named, written: new Map([...runs].map(([route, run]) => [run, route])),
    guards: new Guards([...runs.values()], global, auth),
    guardOf: (route) => guardOf(route, global, auth),
  };
}

/** What to say of a route why it is loosened; nothing where what it inherits tells it. */
function blame(texts: readonly string[], from: readonly string[], shared: SharedChanges, known: PluginKnowledge): readonly string[] {
  const telling = texts.filter((text) => isTelling(text, known));
  if (telling.length > 0) return telling;
  return shared.blame(from) ? [] : [texts[0] ?? INHERITED];
}

const sameMatch = (a: RouteConfig | undefined, b: RouteConfig | undefined): boolean => JSON.stringify(a?.hosts) === JSON.stringify(b?.hosts);

/** Whether something that a route took, or takes now, met a guard before and meets less of one now, be it on another route. */
function loosens(before: RouteConfig | undefined, after: RouteConfig | undefined, old: State, now: State): boolean {
  const targets = [before, after].flatMap((route) => (route ? targetsOf(route) : []));
  return targets.some((target) => opens(old.guards.find(target), now.guards.find(target)));
}

/** Routes by id; those without one by what they match, since their places shift when one is added above. */
function namesOf(routes: readonly RouteConfig[]): Map<string, RouteConfig> {
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
