/** What is to be said of a resource, by the name of its list. */
export const RESOURCES: Readonly<Record<string, string>> = {
  gateway: 'ours: what stands in APISIX\'s `config.yaml` (listeners, router, resolver, trusted addresses), and what APISIX does not have',
  routes: 'all but Lua',
  services: 'all but Lua',
  upstreams: 'for HTTP and gRPC; found by DNS, or written out',
  plugin_configs: 'all',
  global_rules: 'all',
  consumers: 'all; credentials with `id: <username>/credentials/<id>`',
  consumer_groups: 'all',
  plugin_metadata: 'of the plugins that there are',
  secrets: 'directories of files and environment variables, in place of `vault`, `aws` and `gcp`',
  ssls: 'for servers and for upstreams',
  plugins: 'names of those that the file may use',
};

/** What is to be said of a field, by its list and its place; where it stands in several lists, by its place alone. */
export const FIELDS: Readonly<Record<string, string>> = {
  id: 'unique: two items of one list with one id refuse the file',
  'plugin_metadata.id': 'the name of a plugin; its other fields are listed with it',
  'routes.uri': 'begins with `/`, or is `*`',
  'routes.vars': 'all operators; what can never hold is refused',
  upstream: 'as in `upstreams`, without `id`',
  plugins: 'see [plugins](#plugins)',
  'routes.upstream_id': 'must be there; goes before `upstream`, as the file is told',
  'services.upstream_id': 'must be there; goes before `upstream`, as the file is told',
  'routes.service_id': 'must be there',
  'routes.plugin_config_id': 'must be there',
  'consumers.group_id': 'must be there',
  'upstreams.id': 'required',
  'upstreams.nodes[].port': 'may be left out: 80 or 443',
  'upstreams.nodes[].host': 'may hold the port: `host:port`',
  'upstreams.discovery_type': '`dns` alone',
  'upstreams.service_name': 'from SRV records, or from addresses',
  'upstreams.key': 'required by `chash`, and checked',
  'upstreams.scheme': '`http`, `https`, `grpc`, `grpcs`; not `tcp`, `tls`, `udp`, `kafka`',
  'upstreams.keepalive_pool.size': 'not of HTTP/2, whose connections are shared',
  'upstreams.tls.verify': '`true`, unless given',
  'upstreams.checks.active': 'begin with the configuration, and outlive reloads',
  'ssls.cert': 'also `$file://`, which is watched',
  'ssls.key': 'also `$file://`, which is watched',
  'ssls.client.ca': 'also `$file://`, which is watched',
  'ssls.ssl_protocols': 'TLS 1.2 and 1.3, unless given',
  'secrets.id': '`file/…` or `env/…`',
};

/** Fields that are taken, and change nothing, by their place. */
export const UNUSED: ReadonlySet<string> = new Set(['create_time', 'update_time', 'validity_start', 'validity_end', 'nodes[].metadata', 'stream']);

/** Fields that APISIX does not have, by list and place. */
export const OURS: ReadonlySet<string> = new Set(['upstreams.tls.ca', 'secrets.directory', 'secrets.prefix', 'secrets.name', 'secrets.desc']);

/** What is to be said of a plugin's options, by its name. */
export const PLUGIN_REMARKS: Readonly<Record<string, string>> = {
  'key-auth': '`keys` and `key_sha256` are ours',
};
