import type { Infer } from './infer.js';

const statuses = (description: string, defaults: readonly number[]) => ({
  description, type: 'array', items: { type: 'integer', minimum: 200, maximum: 599 }, minItems: 1, uniqueItems: true, default: defaults, examples: [defaults.slice(0, 2)],
}) as const;
const interval = { description: 'Seconds between two probes of a node in this state.', type: 'integer', minimum: 1, default: 1 } as const;
const count = (description: string, least: 0 | 1, value: number) => ({ description: `${description}${least === 0 ? '; 0: never' : ''}.`, type: 'integer', minimum: least, maximum: 254, default: value }) as const;

const active = {
  description: 'Probes: the gateway asks each node by itself, from the load of the configuration on.',
  type: 'object',
  properties: {
    type: { description: 'What a probe is: a request, or a connection alone.', type: 'string', enum: ['http', 'https', 'tcp'], default: 'http' },
    timeout: { description: 'Seconds for a whole probe.', type: 'number', exclusiveMinimum: 0, default: 1 },
    concurrency: { description: 'Probes of an upstream at a time.', type: 'integer', minimum: 1, default: 10 },
    host: { description: 'The Host of the probes; the node\'s own, or `upstream_host`, unless given.', type: 'string', minLength: 1, pattern: '^[0-9a-zA-Z-._\\[\\]:]+$', examples: ['shop.internal'] },
    port: { description: 'The port to ask; the node\'s own, unless given.', type: 'integer', minimum: 1, maximum: 65535, examples: [8081] },
    http_method: { description: 'The method of the probes.', type: 'string', enum: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'], default: 'GET' },
    http_path: { description: 'The path of the probes.', type: 'string', minLength: 1, pattern: '^/[!-~]*$', default: '/', examples: ['/healthz'] },
    http_req_body: { description: 'The body of the probes.', type: 'string', 'x-secret': true, default: '' },
    https_verify_certificate: { description: 'Whether the certificate must be valid.', type: 'boolean', default: true },
    req_headers: { description: 'Further headers of the probes, each `Name: value`.', type: 'array', items: { type: 'string', minLength: 1, 'x-secret': true }, minItems: 1, uniqueItems: true, examples: [['User-Agent: gateway']] },
    healthy: {
      description: 'What makes a node healthy.', type: 'object',
      properties: { interval, http_statuses: statuses('Statuses that are a success.', [200, 302]), successes: count('Successes in a row that make an unhealthy node healthy', 1, 2) },
      additionalProperties: false, default: {},
    },
    unhealthy: {
      description: 'What makes a node unhealthy.', type: 'object',
      properties: {
        interval, http_statuses: statuses('Statuses that are a failure.', [429, 404, 500, 501, 502, 503, 504, 505]),
        http_failures: count('Failures by status that make a node unhealthy', 1, 5),
        tcp_failures: count('Failures to connect, and lost connections, that do', 1, 2),
        timeouts: count('Timeouts that do', 1, 3),
      },
      additionalProperties: false, default: {},
    },
  },
  additionalProperties: false,
} as const;

const passive = {
  description: 'What the answers to clients tell of a node.',
  type: 'object',
  properties: {
    type: { description: 'With `tcp`, statuses do not count.', type: 'string', enum: ['http', 'https', 'tcp'], default: 'http' },
    healthy: {
      description: 'What makes a node healthy.', type: 'object',
      properties: {
        http_statuses: statuses('Statuses that are a success.', [200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308]),
        successes: count('Successes in a row that make an unhealthy node healthy', 0, 5),
      },
      additionalProperties: false, default: {},
    },
    unhealthy: {
      description: 'What makes a node unhealthy.', type: 'object',
      properties: {
        http_statuses: statuses('Statuses that are a failure.', [429, 500, 503]),
        http_failures: count('Failures by status that make a node unhealthy', 0, 5),
        tcp_failures: count('Failures to connect, and lost connections, that do', 0, 2),
        timeouts: count('Timeouts that do', 0, 7),
      },
      additionalProperties: false, default: {},
    },
  },
  additionalProperties: false,
} as const;

/** How an upstream's nodes are watched. */
export const checks = {
  description: 'Whether nodes are healthy, and how that is found out. Unhealthy nodes get no requests, unless all are.',
  type: 'object', properties: { active, passive }, required: ['active'], additionalProperties: false,
  examples: [{ active: { http_path: '/healthz' } }],
} as const;

export type Checks = Infer<typeof checks>;
export type ActiveChecks = Checks['active'];
