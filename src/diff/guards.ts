import type { PluginConfigs, RouteConfig } from '../schema/route.js';

/** What a route demands of who calls. */
export interface Guard {
  /** Auth plugins that are on. */
  readonly plugins: ReadonlySet<string>;
  /** Those of them that let a request without a valid credential through, be it only where a filter says so. */
  readonly anonymous: ReadonlySet<string>;
}

/** The guard of a route's plugins, and of those that run besides for every request. */
export function guardOf({ plugins = {} }: { readonly plugins?: PluginConfigs }, global: PluginConfigs, auth: ReadonlySet<string>): Guard {
  const on = [...Object.entries(plugins), ...Object.entries(global)].filter(([name, config]) => auth.has(name) && config._meta?.disable !== true);
  const strict = new Set(on.filter(([, config]) => config['anonymous_consumer'] === undefined && (config._meta?.filter?.length ?? 0) === 0).map(([name]) => name));
  const names = new Set(on.map(([name]) => name));
  return { plugins: names, anonymous: new Set([...names].filter((name) => !strict.has(name))) };
}

/** Whether a guard lets requests through that another refused: each plugin must pass, so one less is already looser. */
export function opens(before: Guard | undefined, after: Guard | undefined): boolean {
  if (!before || !after) return false;
  const strict = ({ plugins, anonymous }: Guard): string[] => [...plugins].filter((name) => !anonymous.has(name));
  const kept = new Set(strict(after));
  // one auth plugin for another is a change, not an opening
  return strict(before).length > kept.size;
}

/** What somebody asks for: a method, a host (`*` for any), a path; the latter two may be patterns themselves. */
export interface Target {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** Every combination of method, host and path that a route takes. */
export function targetsOf(route: RouteConfig): Target[] {
  const methods = methodsOf(route);
  return pathsOf(route).flatMap((path) => hostsOf(route).flatMap((host) => methods.map((method) => ({ method, host, path }))));
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
const hostsOf = ({ host, hosts }: RouteConfig): readonly string[] => (hosts ?? (host === undefined ? ['*'] : [host])).map((name) => name.toLowerCase());

interface Entry {
  readonly methods: ReadonlySet<string> | undefined;
  readonly guard: Guard;
}

/** Which guard a target meets: a host before none, an exact path before a prefix, as the router has it. */
export class Guards {
  readonly #entries = new Map<string, Entry[]>();

  /** Of routes as they run, and of plugins that run for every request. */
  constructor(routes: readonly RouteConfig[], global: PluginConfigs, auth: ReadonlySet<string>) {
    const active = routes.filter(({ status }) => status !== 0).toSorted((a, b) => b.priority - a.priority);
    for (const route of active) {
      const entry = { methods: route.methods && new Set<string>(route.methods), guard: guardOf(route, global, auth) };
      for (const key of keysOf(route)) this.#add(key, entry);
    }
  }

  /** The guard that a target meets; undefined where no route takes it. */
  find({ method, host, path }: Target): Guard | undefined {
    for (const name of widenHost(host)) {
      for (const pattern of widenPath(uptoStar(path))) {
        const found = this.#entries.get(`${name} ${pattern}`)?.find(({ methods }) => !methods || methods.has(method));
        if (found) return found.guard;
      }
    }
    return undefined;
  }

  #add(key: string, entry: Entry): void {
    const entries = this.#entries.get(key);
    if (entries) entries.push(entry);
    else this.#entries.set(key, [entry]);
  }
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
