import { clientTimeouts } from './client-timeouts.js';
import { PORT } from './common.js';
import type { Infer } from './infer.js';

const address = { type: 'string', pattern: `^(\\[[0-9a-fA-F:.]+\\]|[^:\\s\\[\\]]*):${PORT}$`, examples: ['127.0.0.1:9080', '0.0.0.0:9080', '[::1]:9080'] } as const;

const listener = {
  description: 'A place where clients are served: `host:port`, or more about it.',
  type: ['string', 'object'], pattern: address.pattern, examples: ['127.0.0.1:9080', { address: '0.0.0.0:9443', tls: true }],
  properties: {
    address: { description: 'One `host:port`.', ...address },
    tls: { description: 'true serves TLS, with the certificates of `ssls`.', type: 'boolean', default: false },
    http2: { description: 'Whether HTTP/2 is spoken: true with `tls`, unless given. Without `tls` it is for clients that know beforehand (h2c).', type: 'boolean' },
  },
  required: ['address'],
  additionalProperties: false,
} as const;
const dnsServer = { type: 'string', pattern: `^(\\[[0-9a-fA-F:]+\\]|[0-9.]+):${PORT}$`, examples: ['127.0.0.1:53'] } as const;

/** The gateway's own block. */
export const gateway = {
  description: 'What concerns the gateway itself, and stands in no APISIX file.',
  type: 'object',
  properties: {
    listen: {
      description: 'Where clients are served: one `host:port`, or several, with TLS or without. A change takes effect at the next start.',
      type: ['string', 'array'], pattern: address.pattern, items: listener, minItems: 1, default: '0.0.0.0:9080', examples: ['127.0.0.1:9080', ['127.0.0.1:9080', { address: '0.0.0.0:9443', tls: true }]],
    },
    admin: {
      description: 'Where the gateway tells of itself (/status, /status/ready), or false. A change takes effect at the next start.',
      type: ['object', 'boolean'], examples: [{ listen: '127.0.0.1:9180' }],
      properties: { listen: { description: 'One `host:port`.', ...address, default: '127.0.0.1:9180' } },
      additionalProperties: false,
    },
    fallback_sni: { description: 'The server name that TLS handshakes count as which ask for none; without it they fail.', type: 'string', minLength: 1, examples: ['example.com'] },
    trusted_proxies: {
      description: 'Addresses or CIDRs of proxies that are believed about where requests come from (X-Forwarded-*, X-Real-IP). Nobody, unless given.',
      type: 'array', items: { type: 'string' }, default: [], examples: [['10.0.0.0/8']],
    },
    router: {
      description: 'How routes are found. `radixtree_host_uri`: by host, then by path. `radixtree_uri`: by path, the host is one more condition. `radixtree_uri_with_parameter`: likewise, and a segment `:name` in a path is a parameter.',
      type: 'string', enum: ['radixtree_host_uri', 'radixtree_uri', 'radixtree_uri_with_parameter'], default: 'radixtree_host_uri',
    },
    match_uri_encoded_slash: { description: 'true matches an encoded slash (`%2F`) as these three characters, and not as a slash.', type: 'boolean', default: false },
    normalize_uri_like_servlet: { description: 'true matches paths without the parameters of their segments: `/a;x=1/b` as `/a/b`.', type: 'boolean', default: false },
    delete_uri_tail_slash: { description: 'true matches paths without the slash at their end.', type: 'boolean', default: false },
    client_timeouts: clientTimeouts,
    dns_resolver: { description: 'DNS servers that know the names of nodes, each `host:port`; those of the system, unless given. The hosts file goes before them.', type: 'array', items: dnsServer, uniqueItems: true, default: [], examples: [['10.0.0.53:53']] },
    discovery: {
      description: 'How services are found.', type: 'object',
      properties: {
        dns: {
          description: 'For upstreams with `discovery_type: dns`.', type: 'object',
          properties: { servers: { description: 'DNS servers that know the services, each `host:port`; those of the system, unless given.', type: 'array', items: dnsServer, uniqueItems: true, default: [], examples: [['127.0.0.1:8600']] } },
          additionalProperties: false, default: {},
        },
      },
      additionalProperties: false, default: {},
    },
    show_upstream_status: { description: 'true adds X-APISIX-Upstream-Status to every answer of an upstream; false to those of 500 and above.', type: 'boolean', default: false },
    plugins: {
      description: 'Modules of plugins of your own, relative to the folder of this file; saves of them take effect as those of the file do.',
      type: 'array', items: { type: 'string', pattern: '\\.m?[jt]s$' }, uniqueItems: true, default: [], examples: [['./my-plugin.js']],
    },
    drain_timeout: { description: 'Seconds that requests in flight are given at shutdown.', type: 'number', minimum: 0, default: 30 },
    websocket_grace: { description: 'Seconds that open WebSockets are given once their route is gone, out of service or without `enable_websocket`.', type: 'number', minimum: 0, maximum: 86_400, default: 5 },
    access_log: { description: 'true logs one line per request; queries and credentials are never logged.', type: 'boolean', default: false },
  },
  additionalProperties: false,
} as const;

export type GatewayConfig = Infer<typeof gateway>;
