import { type AuthPlugin, isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import { consumer, type ConsumerConfig } from './consumer.js';
import { gateway, type GatewayConfig } from './gateway.js';
import type { Infer } from './infer.js';
import { metadataSchema, type MetadataConfig } from './metadata.js';
import { consumerGroup, globalRule, pluginConfig, type PluginSetConfig } from './plugin-set.js';
import { meta, route, type RouteConfig } from './route.js';
import { secret, type SecretConfig } from './secret.js';
import { service, type ServiceConfig } from './service.js';
import { ssl, type SslConfig } from './ssl.js';
import { upstream, type UpstreamConfig } from './upstream.js';

/** A validated configuration file, defaults filled in. */
export interface Config {
  readonly gateway: GatewayConfig;
  readonly routes: readonly RouteConfig[];
  readonly services: readonly ServiceConfig[];
  readonly upstreams: readonly UpstreamConfig[];
  readonly plugin_configs: readonly PluginSetConfig[];
  readonly global_rules: readonly PluginSetConfig[];
  readonly consumers: readonly ConsumerConfig[];
  readonly consumer_groups: readonly PluginSetConfig[];
  readonly plugin_metadata: readonly MetadataConfig[];
  readonly secrets: readonly SecretConfig[];
  readonly ssls: readonly SslConfig[];
  readonly plugins?: Infer<typeof listedPlugins>;
}

/** Apache APISIX's list of the plugins that a file may use; without one it may use all. */
const listedPlugins = {
  description: 'The plugins that may be used in this file; without the list all may.',
  type: 'array', examples: [[{ name: 'key-auth' }]],
  items: {
    type: 'object', examples: [{ name: 'key-auth' }],
    properties: {
      name: { description: 'The name of a plugin.', type: 'string', minLength: 1, examples: ['key-auth'] },
      stream: { description: 'true: a plugin for TCP and UDP; not used.', type: 'boolean' },
    },
    required: ['name'], additionalProperties: false,
  },
} as const;

/** A JSON Schema as it is put together at run time. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** The JSON Schema of a whole file, given the plugins there are. What stands in several places is defined once. */
export function fileSchema(plugins: readonly Plugin[]): SchemaObject {
  const auth = plugins.filter(isAuthPlugin);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'gateway configuration',
    description: 'Routes, services, upstreams, consumers and plugins of an API gateway, in the shape of Apache APISIX\'s standalone file.',
    type: 'object',
    properties: {
      gateway: { ...gateway, default: {} },
      routes: list('Which requests are taken, and where they go.', withPlugins(route)),
      services: list('What routes share.', withPlugins(service)),
      upstreams: list('Pools of nodes that routes and services refer to.', upstream),
      plugin_configs: list('Plugins that routes share.', withPlugins(pluginConfig)),
      global_rules: list('Plugins of every request.', withPlugins(globalRule)),
      consumers: list('Who may call, and how they are recognised.', withPlugins(consumer, 'consumer_plugins')),
      consumer_groups: list('Plugins that consumers share.', withPlugins(consumerGroup)),
      plugin_metadata: list('What is set for a plugin once.', metadataSchema(plugins)),
      secrets: list('Places that secrets are read from.', secret),
      ssls: list('Certificates for TLS.', ssl),
      plugins: listedPlugins,
    },
    additionalProperties: false,
    'x-unsupported': ['protos', 'stream_routes'],
    definitions: {
      plugins: pluginsSchema(plugins.map((plugin) => [plugin.name, optionsOf(plugin)])),
      consumer_plugins: pluginsSchema(plugins.map((plugin) => [plugin.name, isAuthPlugin(plugin) ? credentialOf(plugin) : optionsOf(plugin)])),
      ...Object.fromEntries(plugins.map((plugin) => [`plugin-${plugin.name}`, withMeta(plugin.schema, isAuthPlugin(plugin) ? plugin.credentialSchema : undefined)])),
      ...Object.fromEntries(auth.map((plugin) => [`credential-${plugin.name}`, withMeta(plugin.credentialSchema, plugin.schema)])),
    },
  };
}

/** Where the schema of a plugin's options stands within that of the file. */
export function optionsPointer(plugin: string): string {
  return `#/definitions/plugin-${plugin}`;
}

/** A reference to a schema that is defined once, with the description that editors show before they follow it. */
const reference = (schema: SchemaObject, $ref: string): SchemaObject => ({ description: schema['description'], $ref });

const optionsOf = ({ name, schema }: Plugin): SchemaObject => reference(asObject(schema), optionsPointer(name));

const credentialOf = ({ name, credentialSchema }: AuthPlugin): SchemaObject => reference(asObject(credentialSchema), `#/definitions/credential-${name}`);

function list(description: string, items: SchemaObject): SchemaObject {
  return { description, type: 'array', items, default: [] };
}

/** One property per plugin: an unknown name is refused, since a guard that does not run would let requests through. */
function pluginsSchema(entries: readonly (readonly [name: string, schema: SchemaObject])[]): SchemaObject {
  return {
    description: 'Plugins by name.',
    type: 'object',
    properties: Object.fromEntries(entries),
    additionalProperties: false,
    'x-plugins': true,
  };
}

/** The schema of a plugin's options or of its credential, which knows what the other one of the two has. */
function withMeta(schema: unknown, other?: unknown): SchemaObject {
  const object = asObject(schema);
  const elsewhere = other !== undefined && { 'x-elsewhere': Object.keys(asObject(asObject(other)['properties'])) };
  return { ...object, properties: { ...asObject(object['properties']), _meta: meta }, ...elsewhere };
}

function withPlugins(schema: SchemaObject, definition = 'plugins'): SchemaObject {
  const plugins = reference({ description: 'Plugins by name.' }, `#/definitions/${definition}`);
  return { ...schema, properties: { ...asObject(schema['properties']), plugins } };
}

const asObject = (value: unknown): SchemaObject => (typeof value === 'object' && value !== null ? { ...value } : {});
