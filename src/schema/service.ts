import { desc, host, id, labels, name, timestamp } from './common.js';
import type { Infer } from './infer.js';
import type { PluginConfigs } from './route.js';
import { inlineUpstream } from './upstream.js';

const properties = {
  id, name, desc, labels,
  hosts: { description: 'Hosts of its routes that name none themselves.', type: 'array', items: host, minItems: 1, uniqueItems: true, examples: [['example.com', '*.example.com']] },
  enable_websocket: { description: 'Whether its routes pass WebSockets on, unless they say otherwise.', type: 'boolean' },
  upstream: { ...inlineUpstream, description: 'Where requests of its routes go that have no upstream themselves.', examples: [{ nodes: { '127.0.0.1:9081': 1 } }] },
  upstream_id: { ...id, description: 'The id of an upstream; it goes before `upstream`.', examples: ['httpbin'] },
  create_time: timestamp, update_time: timestamp,
} as const;

/** What several routes share; its `plugins` are added by the schema of the whole file. */
export const service = {
  description: 'What several routes share: they refer to it by `service_id`. What a route says itself goes before it.',
  type: 'object', properties,
  additionalProperties: false,
  'x-unsupported': ['script'],
} as const;

const plainService = { type: 'object', properties, additionalProperties: false } as const;

export type ServiceConfig = Infer<typeof plainService> & { readonly plugins?: PluginConfigs };
