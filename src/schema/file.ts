import type { Plugin } from '../plugins/plugin.js';
import { isAuthPlugin } from '../plugins/plugin.js';
import { consumer, type ConsumerConfig } from './consumer.js';
import { gateway, type GatewayConfig } from './gateway.js';
import { meta, route, type RouteConfig } from './route.js';
import { ssl, type SslConfig } from './ssl.js';
import { upstream, type UpstreamConfig } from './upstream.js';

/** A validated configuration file, defaults filled in. */
export interface Config {
  readonly gateway: GatewayConfig;
  readonly routes: readonly RouteConfig[];
  readonly upstreams: readonly UpstreamConfig[];
  readonly consumers: readonly ConsumerConfig[];
  readonly ssls: readonly SslConfig[];
}

/** A JSON Schema as it is put together at run time. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** The JSON Schema of a whole file, given the plugins there are. */
export function fileSchema(plugins: readonly Plugin[]): SchemaObject {
  const onRoutes = pluginsSchema(plugins.map((p) => [p.name, p.schema]));
  const onConsumers = pluginsSchema(plugins.flatMap((p) => (isAuthPlugin(p) ? [[p.name, p.credentialSchema]] : [])));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'gateway configuration',
    description: 'Consumers, routes and upstreams of an API gateway, in the shape of Apache APISIX\'s standalone file.',
    type: 'object',
    properties: {
      gateway: { ...gateway, default: {} },
      routes: list('Which requests are taken, and where they go.', withPlugins(route, onRoutes)),
      upstreams: list('Pools of nodes that routes refer to.', upstream),
      consumers: list('Who may call, and how they are recognised.', withPlugins(consumer, onConsumers)),
      ssls: list('Certificates for TLS.', ssl),
    },
    additionalProperties: false,
    'x-unsupported': ['services', 'consumer_groups', 'plugin_configs', 'global_rules', 'plugin_metadata', 'protos', 'secrets', 'stream_routes', 'plugins'],
  };
}

function list(description: string, items: SchemaObject): SchemaObject {
  return { description, type: 'array', items, default: [] };
}

/** One property per plugin: an unknown name is refused, since a guard that does not run would let requests through. */
function pluginsSchema(entries: readonly (readonly [string, unknown])[]): SchemaObject {
  return {
    description: 'Plugins by name.',
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name, withMeta(schema)])),
    additionalProperties: false,
    'x-plugins': true,
  };
}

function withMeta(schema: unknown): SchemaObject {
  const object = asObject(schema);
  return { ...object, properties: { ...asObject(object['properties']), _meta: meta } };
}

function withPlugins(schema: SchemaObject, plugins: SchemaObject): SchemaObject {
  return { ...schema, properties: { ...asObject(schema['properties']), plugins } };
}

const asObject = (value: unknown): SchemaObject => (typeof value === 'object' && value !== null ? { ...value } : {});
