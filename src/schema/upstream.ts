import { desc, id, labels, name, timeout, timestamp } from './common.js';
import { checks } from './checks.js';
import type { Infer } from './infer.js';

const nodes = {
  description: 'Where requests go: a mapping of `host:port` to weight, or a list of nodes.',
  type: ['object', 'array'],
  additionalProperties: { description: 'Share of the requests; 0 takes none.', type: 'integer', minimum: 0, examples: [1] },
  items: {
    description: 'One node.', examples: [{ host: '127.0.0.1', port: 9081, weight: 1 }],
    type: 'object',
    properties: {
      host: { description: 'Name or address, `host` or `host:port`.', type: 'string', minLength: 1, examples: ['127.0.0.1', 'httpbin.org:80'] },
      port: { description: '80 or 443 by scheme, unless given.', type: 'integer', minimum: 1, maximum: 65535, examples: [9081] },
      weight: { description: 'Share of the requests; 0 takes none.', type: 'integer', minimum: 0, examples: [1] },
      priority: { description: 'Nodes of the highest priority are used alone; others once all of those were tried, or are unhealthy.', type: 'integer', default: 0 },
      metadata: { description: 'Notes for tools; not used.', type: 'object', examples: [{ zone: 'a' }] },
    },
    required: ['host', 'weight'],
    additionalProperties: false,
  },
  examples: [{ '127.0.0.1:9081': 1 }],
} as const;

const keepalivePool = {
  description: 'Connections to a node that are kept open between requests.',
  type: 'object',
  properties: {
    size: { description: 'Idle connections kept per node.', type: 'integer', minimum: 1, default: 320 },
    idle_timeout: { description: 'Seconds an idle connection is kept.', type: 'number', minimum: 0, default: 60 },
    requests: { description: 'Requests after which a connection is closed.', type: 'integer', minimum: 1, default: 1000 },
  },
  additionalProperties: false,
} as const;

const properties = {
  nodes,
  service_name: { description: 'The name of a service that has the nodes, in place of `nodes`: `name` or `name:port`.', type: 'string', minLength: 1, maxLength: 256, pattern: '^\\[?[0-9a-zA-Z._:-]+\\]?$', examples: ['orders.service.internal'] },
  discovery_type: { description: 'Where `service_name` is known.', type: 'string', enum: ['dns'] },
  checks,
  type: { description: 'How a node is picked: in turn, by a hash, the one with the fewest requests in flight, or the one that answers faster.', type: 'string', enum: ['roundrobin', 'chash', 'least_conn', 'ewma'], default: 'roundrobin' },
  hash_on: { description: 'What `key` names, for `type: chash`: a variable, a header, a cookie, or a text with several `$variables`; `consumer` needs no key.', type: 'string', enum: ['vars', 'header', 'cookie', 'consumer', 'vars_combinations'], default: 'vars' },
  key: { description: 'The name of what is hashed, for `type: chash`.', type: 'string', minLength: 1, examples: ['remote_addr', 'arg_session', 'X-Session', '$host$remote_addr'] },
  scheme: { description: 'How the nodes are spoken to; `grpc` and `grpcs` are HTTP/2.', enum: ['http', 'https', 'grpc', 'grpcs'], default: 'http' },
  pass_host: { description: 'The Host that the upstream sees: the client\'s, the node\'s, or `upstream_host`.', enum: ['pass', 'node', 'rewrite'], default: 'pass' },
  upstream_host: { description: 'The Host that the upstream sees with `pass_host: rewrite`.', type: 'string', minLength: 1, pattern: '^[0-9a-zA-Z-._\\[\\]:]+$', examples: ['shop.internal'] },
  retries: { description: 'Further attempts on other nodes after a failure; one for each other node, unless given.', type: 'integer', minimum: 0, examples: [1] },
  retry_timeout: { description: 'Seconds after which no further attempt begins; 0: no limit.', type: 'number', minimum: 0, default: 0 },
  timeout,
  keepalive_pool: keepalivePool,
  tls: {
    description: 'For `scheme: https` and `grpcs`.', type: 'object',
    properties: {
      verify: { description: 'Whether the node\'s certificate must be valid.', type: 'boolean', default: true },
      ca: { description: 'Certificates of the authorities that are believed, as PEM, in place of the well-known ones.', type: 'string', minLength: 1, examples: ['${{UPSTREAM_CA}}'] },
      client_cert: { description: 'The certificate that is shown to the nodes, as PEM, with the chain that it needs.', type: 'string', minLength: 1, examples: ['${{CLIENT_CERT}}'] },
      client_key: { description: 'The private key of `client_cert`, as PEM.', type: 'string', minLength: 1, 'x-secret': true, examples: ['${{CLIENT_KEY}}'] },
      client_cert_id: { ...id, description: 'The id of a certificate of `ssls` with `type: client`, instead of `client_cert` and `client_key`.', examples: ['shop'] },
    },
    additionalProperties: false,
  },
  name, desc, labels, create_time: timestamp, update_time: timestamp,
} as const;

const unsupported = ['discovery_args'] as const;

/** Nodes as they are written, or a service that has them. */
const whence = [
  { anyOf: [{ required: ['nodes'] }, { required: ['service_name'] }] },
  { not: { required: ['nodes', 'service_name'] } },
  { not: { required: ['nodes', 'discovery_type'] } },
] as const;

/** An upstream written into a route. */
export const inlineUpstream = {
  description: 'A pool of nodes that serve the same thing.',
  type: 'object', properties: { id, ...properties }, allOf: whence, additionalProperties: false, 'x-unsupported': unsupported,
} as const;

/** An upstream of the `upstreams` list. */
export const upstream = {
  description: 'A pool of nodes that routes refer to by `upstream_id`.',
  type: 'object', properties: { id, ...properties }, required: ['id'], allOf: whence, additionalProperties: false, 'x-unsupported': unsupported,
} as const;

export type UpstreamConfig = Infer<typeof inlineUpstream>;
