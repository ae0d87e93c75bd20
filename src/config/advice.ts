/** What to do instead, for fields of Apache APISIX that are refused here. */
const ADVICE: Readonly<Record<string, string>> = {
  services: 'write what the service holds into each of its routes',
  plugin_configs: 'write the plugins into each of the routes',
  service_id: 'write what the service holds into the route',
  plugin_config_id: 'write the plugins into the route',
  consumer_groups: 'write what the group holds into each consumer',
  group_id: 'write what the group holds into the consumer',
  global_rules: 'write the plugins into each of the routes',
  ssls: 'let something in front of the gateway end TLS',
  secrets: 'use `$env://NAME` in credentials, and set the variable from the secret manager',
  plugins: 'remove it: every plugin is there without being listed',
  client_cert_id: 'write the certificate and its key into `client_cert` and `client_key`',
  discovery_args: 'remove it: `discovery_type: dns` takes no arguments',
};

/** A hint for a field of Apache APISIX that is refused. */
export function adviceFor(field: string): string {
  return ADVICE[field] ?? 'remove it; it is refused, since to ignore it could open what it closes';
}
