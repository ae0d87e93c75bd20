import { desc, id, labels, name, timestamp } from './common.js';
import type { PluginConfigs } from './route.js';

/** A consumer, or one more credential of a consumer; `plugins` are added by the schema of the whole file. */
export const consumer = {
  description: 'Who calls: a consumer with its credentials; or one more credential of a consumer, with `id: <username>/credentials/<id>`.',
  type: 'object',
  properties: {
    username: { description: 'The consumer\'s name, as upstreams see it in X-Consumer-Username.', type: 'string', minLength: 1, maxLength: 256, pattern: '^[a-zA-Z0-9_-]+$', examples: ['tom'] },
    id: { ...id, maxLength: 512, pattern: '^[a-zA-Z0-9._-]+(/credentials/[a-zA-Z0-9._-]+)?$', description: 'Of a further credential: `<username>/credentials/<id>`.', examples: ['tom/credentials/phone'] },
    name, desc,
    labels: { ...labels, description: 'Labels; `custom_id` is what upstreams see in X-Consumer-Custom-ID.', examples: [{ custom_id: 'tom-42', team: 'shop' }] },
    group_id: { ...id, description: 'The id of a consumer group.', examples: ['gold'] },
    create_time: timestamp, update_time: timestamp,
  },
  anyOf: [{ required: ['username'] }, { required: ['id'] }],
  additionalProperties: false,
} as const;

export interface ConsumerConfig {
  readonly username?: string;
  readonly id?: string | number;
  readonly group_id?: string | number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly plugins?: PluginConfigs;
}
