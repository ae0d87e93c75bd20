import type { RouteConfig } from '../schema/route.js';
import { keysOf, methodsOf } from './guards.js';

type Named = ReadonlyMap<string, RouteConfig>;

/** What a route overtook: of two that take the same requests with the same priority, the first in the file serves. */
export function overtakings(before: Named, after: Named): ReadonlyMap<string, readonly string[]> {
  if (inOneOrder(before, after)) return new Map();
  const old = equals(before);
  const texts = new Map<string, Set<string>>();
  for (const [key, names] of equals(after)) {
    // one that came, went or got another priority tells so itself
    const places = new Map(old.get(key)?.map((name, place) => [name, place]));
    for (const [name, other] of overtaken(names, places)) {
      texts.set(name, (texts.get(name) ?? new Set()).add(`goes before route ${other} now (their order in the file)`));
    }
  }
  return new Map([...texts].map(([name, set]) => [name, [...set]]));
}

/** Whether those that are in both stand in the same order, as they mostly do. */
function inOneOrder(before: Named, after: Named): boolean {
  const [old, now] = [[...before.keys()].filter((name) => after.has(name)), [...after.keys()].filter((name) => before.has(name))];
  return old.every((name, place) => now[place] === name);
}

/** Of each name, the one farthest ahead of it before that comes after it now. */
function overtaken(names: readonly string[], places: ReadonlyMap<string, number>): [string, string][] {
  const found: [string, string][] = [];
  let ahead: { readonly name: string; readonly place: number } | undefined;
  for (const name of names.toReversed()) {
    const place = places.get(name);
    if (place === undefined) continue;
    if (ahead && ahead.place < place) found.push([name, ahead.name]);
    else ahead = { name, place };
  }
  return found.reverse();
}

/** The routes between which nothing but their order decides, by what they take. */
function equals(routes: Named): ReadonlyMap<string, readonly string[]> {
  const shared = new Map<string, [string, RouteConfig][]>();
  for (const [name, route] of routes) {
    if (route.status === 0) continue;
    for (const key of keysOf(route)) append(shared, `${route.priority} ${key}`, [name, route]);
  }
  const byMethod = new Map<string, string[]>();
  for (const [key, items] of shared) {
    if (items.length < 2) continue;
    for (const [name, route] of items) for (const method of methodsOf(route)) append(byMethod, `${method} ${key}`, name);
  }
  return byMethod;
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}
