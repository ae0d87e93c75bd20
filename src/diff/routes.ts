import type { Config } from '../schema/file.js';
import type { RouteConfig } from '../schema/route.js';
import type { Change } from './change.js';
import { Guards, guardOf, opens, targetsOf, type Guard } from './guards.js';
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
  const overtook = overtakings(runsOf(old), runsOf(now));
  const routes = [...new Set([...old.routes.keys(), ...now.routes.keys()])].flatMap((name) => {
    const [a, b] = [old.routes.get(name), now.routes.get(name)];
    const texts = a && b ? [...changesOf(a.written, b.written, known), ...(overtook.get(name) ?? [])] : [a ? 'removed' : 'added'];
    // one that did not change meets its requests as before, unless what it inherits changed, or one that takes the same did
    if (texts.length === 0 && shared.none) return [];
    const blamed = loosens(texts, a, b, old, now) ? blame(texts, [...(a?.from ?? []), ...(b?.from ?? [])], shared, known) : [];
    return [...new Set([...texts, ...blamed])].map((text) => ({ subject: `route ${name}`, text, loosens: blamed.includes(text) }));
  });
  return [...routes, ...shared.changes()];
}

/** Said where nothing else tells why: it is never passed over. */
const INHERITED = 'less authentication than before, by what it inherits';

/** What of one configuration decides who gets through. */
interface State {
  /** By what they are called. */
  readonly routes: ReadonlyMap<string, EffectiveRoute>;
  readonly guards: Guards;
  guardOf(route: EffectiveRoute): Guard;
}

function stateOf(config: Config, { auth }: PluginKnowledge): State {
  const routes = effectiveRoutes(config);
  const global = globalPlugins(config);
  return { routes: named(routes), guards: new Guards(routes.map(({ runs }) => runs), global, auth), guardOf: ({ runs }) => guardOf(runs, global, auth) };
}

const runsOf = ({ routes }: State): ReadonlyMap<string, RouteConfig> => new Map([...routes].map(([name, { runs }]) => [name, runs]));

/** Whether something that a route took, or takes now, met a guard before and meets less of one now, be it on another route. */
function loosens(texts: readonly string[], a: EffectiveRoute | undefined, b: EffectiveRoute | undefined, old: State, now: State): boolean {
  const sameMatch = texts.length === 0 && JSON.stringify(a?.runs.hosts) === JSON.stringify(b?.runs.hosts);
  if (sameMatch) return opens(a && old.guardOf(a), b && now.guardOf(b));
  const targets = [a, b].flatMap((route) => (route ? targetsOf(route.runs) : []));
  return targets.some((target) => opens(old.guards.find(target), now.guards.find(target)));
}

/** What to say of a route why it is loosened; nothing where what it inherits tells it. */
function blame(texts: readonly string[], from: readonly string[], shared: SharedChanges, known: PluginKnowledge): readonly string[] {
  const telling = texts.filter((text) => isTelling(text, known));
  if (telling.length > 0) return telling;
  return shared.blame(from) ? [] : [texts[0] ?? INHERITED];
}

/** Routes by id; those without one by what they match, since their places shift when one is added above. */
function named(routes: readonly EffectiveRoute[]): Map<string, EffectiveRoute> {
  const names = new Map<string, EffectiveRoute>();
  for (const route of routes) {
    const { id } = route.written;
    const name = id === undefined ? matchOf(route.written) : String(id);
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
