import type { Config } from '../schema/file.js';
import type { RouteConfig } from '../schema/route.js';
import { wholly, type Finding, type Pair } from './finding.js';
import { Guards } from './guards.js';
import { effectiveRoutes, globalPlugins, type EffectiveRoute } from './inherit.js';
import { overtakings } from './order.js';
import type { PluginKnowledge } from './plugins.js';
import { resourceFindings } from './resources.js';

/** A route in both configurations, as it runs. */
export interface RoutePair extends Pair<EffectiveRoute> {
  /** What changed of what is written of it. */
  readonly findings: readonly Finding[];
}

/** The routes of two configurations, and which guards requests meet. */
export interface Routes {
  readonly pairs: readonly RoutePair[];
  readonly before: Guards;
  readonly after: Guards;
}

/** Compares the routes of two configurations. */
export function routesOf(before: Config, after: Config, known: PluginKnowledge): Routes {
  const [a, b] = [effectiveRoutes(before), effectiveRoutes(after)];
  const [old, now] = [named(a), named(b)];
  const overtook = overtakings(runsOf(old), runsOf(now));
  const pairs = [...new Set([...old.keys(), ...now.keys()])].map((id): RoutePair => {
    const pair = { subject: { resource: 'routes', id, name: `route ${id}` }, before: old.get(id), after: now.get(id) };
    const written = { subject: pair.subject, before: pair.before?.written, after: pair.after?.written };
    const orders = pair.before && pair.after ? (overtook.get(id) ?? []) : [];
    return { ...pair, findings: [...resourceFindings(written, known), ...orders.map((text) => wholly(written, text))] };
  });
  return { pairs, before: guardsOf(before, a, known), after: guardsOf(after, b, known) };
}

const runsOf = (routes: ReadonlyMap<string, EffectiveRoute>): ReadonlyMap<string, RouteConfig> => new Map([...routes].map(([name, { runs }]) => [name, runs]));

function guardsOf(config: Config, routes: readonly EffectiveRoute[], known: PluginKnowledge): Guards {
  return new Guards(routes.map(({ runs }) => runs), globalPlugins(config), known, config.gateway.router !== 'radixtree_host_uri');
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
