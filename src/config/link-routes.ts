import type { RouteConfig } from '../schema/route.js';
import { each, type Steps } from '../steps.js';
import { itemsOf, type Item, type References } from './items.js';
import { placeOf } from './link-plugins.js';
import { upstreamOf } from './link-upstreams.js';
import type { LinkedRoute, LinkedService, LinkedUpstream, PluginPlace } from './linked.js';
import type { Report } from './report.js';
import type { SecretReader } from './secret-reader.js';

/** What routes refer to, by id. */
export interface RouteTargets {
  readonly services: ReadonlyMap<string, LinkedService>;
  readonly upstreams: ReadonlyMap<string, LinkedUpstream>;
  readonly pluginConfigs: ReadonlyMap<string, PluginPlace>;
}

/** The routes with what they refer to. What a route says itself goes before what its service says. */
export function* linkRoutes(configs: readonly RouteConfig[], targets: RouteTargets, references: References, secrets: SecretReader, report: Report): Steps<LinkedRoute[]> {
  return yield* each(itemsOf('routes', 'route', configs, report).values(), (item) => linkRoute(item, targets, references, secrets));
}

function linkRoute({ id, path, config }: Item<RouteConfig>, targets: RouteTargets, references: References, secrets: SecretReader): LinkedRoute {
  const owner = `route/${id}`;
  const service = references.find('service', targets.services, config.service_id, path, 'service_id', 'add it to `services`');
  const pluginConfig = references.find('plugin config', targets.pluginConfigs, config.plugin_config_id, path, 'plugin_config_id', 'add it to `plugin_configs`');
  const own = placeOf(owner, path, config.plugins, secrets);
  const hosts = config.hosts ?? (config.host === undefined ? undefined : [config.host]);
  return {
    id, path, config, service,
    places: [own, ...(pluginConfig ? [pluginConfig] : []), ...(service ? [service.place] : [])],
    upstream: upstreamOf(owner, path, config, targets.upstreams, references) ?? service?.upstream,
    hosts: hosts ?? service?.hosts ?? [],
    websocket: config.enable_websocket ?? service?.websocket ?? false,
  };
}
