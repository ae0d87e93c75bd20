import type { PluginConfig, PluginConfigs, RouteConfig } from '../schema/route.js';
import { isRestricting, isWeaker, letsBy } from './restrictions.js';
import type { PluginKnowledge } from './plugins.js';

/** What a route demands of requests: configurations that are on, by plugin. */
export interface Guard {
  /** Of plugins that decide who calls, each the strictest. */
  readonly auth: ReadonlyMap<string, PluginConfig>;
  /** Of plugins that hold requests back for other reasons. */
  readonly restrictions: ReadonlyMap<string, readonly PluginConfig[]>;
}

/** The guard of a route's plugins, and of those that run besides for every request. */
export function guardOf({ plugins = {} }: { readonly plugins?: PluginConfigs }, global: readonly PluginConfigs[], known: PluginKnowledge): Guard {
  const auth = new Map<string, PluginConfig>();
  const restrictions = new Map<string, PluginConfig[]>();
  for (const set of [plugins, ...global]) {
    for (const [name, config] of Object.entries(set)) {
      if (config._meta?.disable === true) continue;
      const other = auth.get(name);
      if (known.auth.has(name)) auth.set(name, other && isWeaker(name, other, config, known) ? other : config);
      else if (isRestricting(name, known)) restrictions.set(name, [...(restrictions.get(name) ?? []), config]);
    }
  }
  return { auth, restrictions };
}

/** Whether a guard holds nothing back. */
export const isOpen = ({ auth, restrictions }: Guard): boolean => auth.size + restrictions.size === 0;

/** What a guard lets through that another refused. */
export interface Loss {
  readonly authentication: boolean;
  /** Plugins that hold back less. */
  readonly restrictions: readonly string[];
}

/** What is lost from one guard to the next. Where one of them is not, no request meets either. */
export function lossBetween(before: Guard | undefined, after: Guard | undefined, known: PluginKnowledge): Loss {
  if (!before || !after) return NO_LOSS;
  const restrictions = [...before.restrictions].filter(([name, configs]) => {
    const others = after.restrictions.get(name) ?? [];
    return configs.some((config) => others.every((other) => isWeaker(name, config, other, known)));
  });
  return { authentication: losesAuthentication(before, after, known), restrictions: restrictions.map(([name]) => name) };
}

/** Everything is held back that was. */
export const NO_LOSS: Loss = { authentication: false, restrictions: [] };

/** Each plugin must pass, so that one less is already looser; one for another is a change, and no loss. */
function losesAuthentication(before: Guard, after: Guard, known: PluginKnowledge): boolean {
  const left = new Map(after.auth);
  const unmatched = [...before.auth].filter(([name, config]) => {
    const same = left.get(name);
    if (!same || isWeaker(name, config, same, known)) return true;
    left.delete(name);
    return false;
  });
  return unmatched.some(([, config]) => {
    const other = [...left].find(([name, candidate]) => !before.auth.has(name) && !letsBy(config, candidate));
    return !other || !left.delete(other[0]);
  });
}

/** What somebody asks for: a method, a host (`*` for any), a path, the latter two may be patterns themselves; and whatever a route's further conditions ask for. */
export interface Target {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly condition: string;
}

/** Every combination of method, host and path that a route takes. */
export function targetsOf(route: RouteConfig): Target[] {
  const [methods, condition] = [methodsOf(route), conditionOf(route)];
  return pathsOf(route).flatMap((path) => hostsOf(route).flatMap((host) => methods.map((method) => ({ method, host, path, condition }))));
}

/** The methods that a route takes. */
export function methodsOf({ methods }: RouteConfig): readonly string[] {
  return methods && methods.length > 0 ? methods : METHODS;
}

/** What a route is filed under: each of its hosts with each of its paths. */
export function keysOf(route: RouteConfig): readonly string[] {
  return [...new Set(hostsOf(route).flatMap((host) => pathsOf(route).map((path) => `${host} ${uptoStar(path)}`)))];
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'];

const pathsOf = ({ uri, uris }: RouteConfig): readonly string[] => uris ?? (uri === undefined ? [] : [uri]);

/** The hosts that a route takes, `*` for any. */
export const hostsOf = ({ host, hosts }: { readonly host?: string; readonly hosts?: readonly string[] }): readonly string[] =>
  (hosts ?? (host === undefined ? ['*'] : [host])).map((name) => name.toLowerCase());

/** What a route asks of a request besides method, host and path. */
export type Conditions = Pick<RouteConfig, 'vars' | 'remote_addr' | 'remote_addrs'>;

/** Empty for a route that takes whatever comes. */
function conditionOf({ vars = [], remote_addr: address, remote_addrs: addresses = address === undefined ? [] : [address] }: Conditions): string {
  return vars.length + addresses.length === 0 ? '' : JSON.stringify([vars, addresses]);
}

interface Entry {
  readonly methods: ReadonlySet<string> | undefined;
  readonly condition: string;
  readonly route: RouteConfig;
}

/** Which guard a target meets: a host before none, an exact path before a prefix, as the router has it. */
export class Guards {
  /** Filed when the first target is looked for: most edits need none. */
  #entries: Map<string, Entry[]> | undefined;
  readonly #known = new Map<RouteConfig, Guard>();

  /** Of routes as they run, and of plugins that run for every request. */
  constructor(private readonly routes: readonly RouteConfig[], private readonly global: readonly PluginConfigs[], private readonly knowledge: PluginKnowledge, private readonly pathFirst: boolean) {}

  /** The guard that a target meets; undefined where no route takes it. */
  find({ method, host, path, condition }: Target): Guard | undefined {
    const takes = (entry: Entry): boolean => (!entry.methods || entry.methods.has(method)) && (entry.condition === '' || entry.condition === condition);
    const entries = this.#entries ??= filed(this.routes);
    for (const key of this.#keys(widenHost(host), widenPath(uptoStar(path)))) {
      const found = entries.get(key)?.find(takes);
      if (found) return this.of(found.route);
    }
    return undefined;
  }

  /** The guard of a route. */
  of(route: RouteConfig): Guard {
    const known = this.#known.get(route);
    if (known) return known;
    const guard = guardOf(route, this.global, this.knowledge);
    this.#known.set(route, guard);
    return guard;
  }

  /** By host and then by path, or by path and then by host. */
  #keys(hosts: readonly string[], paths: readonly string[]): string[] {
    if (this.pathFirst) return paths.flatMap((path) => hosts.map((host) => `${host} ${path}`));
    return hosts.flatMap((host) => paths.map((path) => `${host} ${path}`));
  }
}

function filed(routes: readonly RouteConfig[]): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>();
  const active = routes.filter(({ status }) => status !== 0).toSorted((a, b) => b.priority - a.priority);
  for (const route of active) {
    const entry = { methods: route.methods && route.methods.length > 0 ? new Set<string>(route.methods) : undefined, condition: conditionOf(route), route };
    for (const key of keysOf(route)) {
      const others = entries.get(key);
      if (others) others.push(entry);
      else entries.set(key, [entry]);
    }
  }
  return entries;
}

const uptoStar = (path: string): string => (path.includes('*') ? path.slice(0, path.indexOf('*') + 1) : path);

/** `a.example`, then `*.example`, … then `*`. */
function widenHost(host: string): string[] {
  const rest = host.replace(/^\*/, '');
  return [...new Set([host, ...Array.from(rest, (_, i) => `*${rest.slice(i)}`), '*'])];
}

/** `/a/b`, then `/a/b*`, `/a/*`, … then `*`. */
function widenPath(path: string): string[] {
  const prefix = path.replace(/\*$/, '');
  return [...new Set([path, ...Array.from({ length: prefix.length + 1 }, (_, i) => `${prefix.slice(0, prefix.length - i)}*`)])];
}
