/** What configurations of other programs begin with, and what is written here instead. */
const FOREIGN: readonly (readonly [hint: string, names: string])[] = [
  ['remove it: there are no versions of parts, since the file is applied as a whole', 'routes_conf_version services_conf_version upstreams_conf_version consumers_conf_version plugin_configs_conf_version global_rules_conf_version consumer_groups_conf_version plugin_metadata_conf_version secrets_conf_version ssls_conf_version conf_version'],
  ['it belongs to the config.yaml of Apache APISIX: what there is of it here stands below `gateway`', 'apisix deployment nginx_config plugin_attr stream_plugins ext-plugin wasm discovery etcd'],
  ['it belongs to a file of Kong: here a service is an `upstream`, and a route names it by `upstream_id`', '_format_version _transform _comment _ignore _info'],
  ['it belongs to a file of Traefik: here a router is an entry of `routes`, its service an entry of `upstreams`, and middlewares are `plugins`', 'entryPoints providers certificatesResolvers'],
  ['it belongs to a file of Express Gateway: here an API endpoint is an entry of `routes`, a service endpoint an entry of `upstreams`, and policies are `plugins`', 'apiEndpoints serviceEndpoints pipelines'],
  ['it belongs to a file of Envoy: here a route is an entry of `routes`, and a cluster an entry of `upstreams`', 'static_resources dynamic_resources'],
  ['it belongs to a resource of Kubernetes: here stand `routes`, `upstreams` and `consumers` at the top', 'apiVersion kind metadata spec'],
  ['it belongs to an answer of an admin API: each `value` in it is an entry of `routes`, or of another list', 'list total node action'],
  ['remove it: a configuration has no version', 'version'],
  ['`routes` is the list of what is served, and `upstreams` that of where it is sent', 'server servers location endpoints'],
];

const BY_NAME: ReadonlyMap<string, string> = new Map(FOREIGN.flatMap(([hint, names]) => names.split(' ').map((name): [string, string] => [name, hint])));

/** What a route alone has. */
const OF_ROUTES = new Set(['uri', 'uris', 'methods', 'host', 'hosts', 'vars', 'upstream_id', 'service_id', 'plugin_config_id', 'priority', 'path', 'paths']);

/** What was probably meant by a field that stands at the top of a file, and belongs to another program's or deeper. */
export function foreignHint(name: string, value: unknown): string | undefined {
  const isEntry = OF_ROUTES.has(name) || (name === 'upstream' && typeof value === 'object' && value !== null && !Array.isArray(value) && 'nodes' in value);
  if (isEntry) return 'it belongs to a route: an entry of the list `routes`';
  if (name === 'listen' || name === 'admin' || name === 'trusted_proxies') return 'it stands below `gateway`, indented';
  if (name.startsWith('/apisix/')) return 'it is a key of etcd, or a path of the admin API: its value is an entry of one of the lists, such as `routes`';
  // several programs have it
  if (name === 'http' && typeof value === 'object' && value !== null) return BY_NAME.get('routers' in value ? 'entryPoints' : 'pipelines');
  return BY_NAME.get(name);
}

/** What tells of a file that it is another program's, given a field at its top; of one such file it is told once. */
export function foreignFile(name: string, value: unknown): string | undefined {
  const hint = foreignHint(name, value);
  return hint?.startsWith('it belongs to a file of') || hint?.startsWith('it belongs to a resource of') || hint?.startsWith('it belongs to an answer of') ? hint : undefined;
}
