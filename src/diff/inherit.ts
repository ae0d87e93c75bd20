import { effective } from '../config/effective.js';
import { idOf } from '../config/items.js';
import type { Config } from '../schema/file.js';
import type { PluginConfigs, RouteConfig } from '../schema/route.js';

/** A route as it runs: its plugins and hosts are those that it inherits too. */
export interface EffectiveRoute {
  readonly written: RouteConfig;
  /** The same object where nothing is inherited. */
  readonly runs: RouteConfig;
  /** What it inherits from: `service orders`. */
  readonly from: readonly string[];
}

/** The routes of a configuration as they run, in their order. */
export function effectiveRoutes(config: Config): EffectiveRoute[] {
  const services = new Map(config.services.map((service, i) => [idOf(service, i), service]));
  const sets = new Map(config.plugin_configs.map((set, i) => [idOf(set, i), set]));
  return config.routes.map((route) => {
    const service = route.service_id === undefined ? undefined : services.get(String(route.service_id));
    const set = route.plugin_config_id === undefined ? undefined : sets.get(String(route.plugin_config_id));
    if (!service && !set) return { written: route, runs: route, from: NOTHING };
    const places = [route, set, service].flatMap((place) => place ?? []);
    const hosts = route.host === undefined && !route.hosts && service?.hosts ? { hosts: service.hosts } : {};
    const from = [...(set ? [`plugin config ${route.plugin_config_id}`] : []), ...(service ? [`service ${route.service_id}`] : [])];
    return { written: route, runs: { ...route, ...hosts, plugins: pluginsOf(places) }, from };
  });
}

const NOTHING: readonly string[] = [];

/** The plugins of places given strongest first, as whoever speaks for each has them. */
function pluginsOf(places: readonly { readonly plugins?: PluginConfigs }[]): PluginConfigs {
  return Object.fromEntries([...effective(places)].flatMap(([name, { plugins }]) => (plugins?.[name] ? [[name, plugins[name]]] : [])));
}

/** The plugins of the global rules, a set for each. */
export function globalPlugins(config: Config): readonly PluginConfigs[] {
  return config.global_rules.map(({ plugins }) => plugins);
}
