import { desc, host, id, labels, name, timeout, timestamp } from './common.js';
import type { Infer } from './infer.js';
import { inlineUpstream } from './upstream.js';

const uri = {
  description: 'The path: exact, or a prefix that ends in `*`. A `*` further left matches anything, `/` included. With `gateway.router: radixtree_uri_with_parameter` a segment `:name` is one segment.',
  type: 'string', minLength: 1, maxLength: 4096, pattern: '^/|^\\*$', examples: ['/ip', '/api/*'],
} as const;

// the type makes ajv compare texts: without, uniqueness of 20,000 entries takes seconds
const method = { type: 'string', enum: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'] } as const;

const address = { description: 'An IPv4 or IPv6 address, or a CIDR.', type: 'string', minLength: 1, examples: ['127.0.0.1', '10.0.0.0/8'] } as const;

const properties = {
  id, name, desc, labels,
  uri,
  uris: { description: 'Several paths, instead of `uri`.', type: 'array', items: uri, minItems: 1, uniqueItems: true, examples: [['/ip', '/api/*']] },
  methods: { description: 'Methods that the route takes; all, unless given.', type: 'array', items: method, uniqueItems: true, examples: [['GET', 'POST']] },
  host,
  hosts: { description: 'Several hosts, instead of `host`.', type: 'array', items: host, minItems: 1, uniqueItems: true, examples: [['example.com', '*.example.com']] },
  remote_addr: { ...address, description: 'The address, or the CIDR, that the request must come from.' },
  remote_addrs: { description: 'Several addresses or CIDRs, instead of `remote_addr`.', type: 'array', items: address, minItems: 1, uniqueItems: true, examples: [['10.0.0.0/8', '::1']] },
  vars: { description: 'An expression on variables that must hold.', type: 'array', examples: [[['arg_version', '==', 'v2'], ['http_user_agent', '~*', 'android']]] },
  priority: { description: 'Among routes of the same path the higher goes first.', type: 'integer', default: 0 },
  status: { description: '0 takes the route out of service.', enum: [0, 1], default: 1 },
  timeout,
  enable_websocket: { description: 'Whether WebSockets are passed on; without it, here and on the service, their handshake is a plain request.', type: 'boolean' },
  upstream: { ...inlineUpstream, examples: [{ nodes: { '127.0.0.1:9081': 1 } }] },
  upstream_id: { ...id, description: 'The id of an upstream; it goes before `upstream`.', examples: ['httpbin'] },
  service_id: { ...id, description: 'The id of a service: what the route does not say itself is taken from there.', examples: ['shop'] },
  plugin_config_id: { ...id, description: 'The id of a plugin config: its plugins run here too.', examples: ['guarded'] },
  create_time: timestamp, update_time: timestamp,
} as const;

/** A route; its `plugins` are added by the schema of the whole file, which knows them. */
export const route = {
  description: 'Which requests are taken, what is done with them, and where they go.',
  type: 'object',
  properties,
  allOf: [
    { anyOf: [{ required: ['uri'] }, { required: ['uris'] }] },
    { not: { required: ['uri', 'uris'] } },
    { not: { required: ['host', 'hosts'] } },
    { not: { required: ['remote_addr', 'remote_addrs'] } },
    { anyOf: [{ required: ['upstream'] }, { required: ['upstream_id'] }, { required: ['service_id'] }, { required: ['plugins'] }] },
  ],
  additionalProperties: false,
  'x-unsupported': ['filter_func', 'script', 'script_id', 'service_protocol'],
} as const;

const plainRoute = { type: 'object', properties, additionalProperties: false } as const;

export type RouteConfig = Infer<typeof plainRoute> & { readonly plugins?: PluginConfigs };

/** Plugin configurations by plugin name, each already of its plugin's type. */
export type PluginConfigs = Readonly<Record<string, PluginConfig>>;

/** What every plugin configuration may hold besides its own options. */
export interface PluginConfig {
  readonly _meta?: Meta;
  readonly [option: string]: unknown;
}

/** What the gateway itself does about one plugin configuration. */
export const meta = {
  description: 'What the gateway does about this plugin here.', examples: [{ disable: true }],
  type: 'object',
  properties: {
    disable: { description: 'true switches the plugin off here.', type: 'boolean' },
    priority: { description: 'Replaces the plugin\'s own priority here; higher runs first.', type: 'integer', examples: [2000] },
    filter: { description: 'An expression on variables: where it does not hold, the plugin does not run here.', type: 'array', examples: [[['arg_version', '==', 'v2']]] },
    error_response: { description: 'Replaces the body of this plugin\'s replies of status 400 and above.', type: ['string', 'object'], examples: [{ message: 'ask the shop team for a key' }, 'no entry'] },
  },
  additionalProperties: false,
  'x-unsupported': ['pre_function'],
} as const;

export type Meta = Infer<typeof meta>;
