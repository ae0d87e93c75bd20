import { connectionOf, prefixOf } from '../limits/backing.js';
import { Delay } from '../limits/delay.js';
import { LocalBucket, RedisBucket, type Bucket } from '../limits/leaky-bucket.js';
import { keyOf } from '../limits/of-requests.js';
import { answersOf } from '../limits/quota.js';
import { REDIS_OPTIONS } from '../limits/redis-options.js';
import { MEANS, type Means } from '../limits/windows.js';
import type { Infer } from '../schema/infer.js';
import { plugin, type Binding, type Exchange, type Plugin, type Step } from './plugin.js';

const schema = {
  description: 'Lets requests pass at a rate: those that come too fast wait for their turn, and those for whom too many wait are refused.',
  type: 'object',
  properties: {
    rate: { description: 'Requests in a second.', type: 'number', exclusiveMinimum: 0, examples: [10] },
    burst: { description: 'How many may be ahead of the rate.', type: 'number', minimum: 0, examples: [20] },
    key: { description: 'What requests are told apart by. A request that has nothing of it goes by its address.', type: 'string', minLength: 1, examples: ['remote_addr'] },
    key_type: { description: 'What `key` is: the name of a variable, or a text with variables.', type: 'string', enum: ['var', 'var_combination'], default: 'var' },
    nodelay: { description: 'true lets those pass at once that would wait.', type: 'boolean', default: false },
    rejected_code: { description: 'The status of a refusal.', type: 'integer', minimum: 200, maximum: 599, default: 503 },
    rejected_msg: { description: 'What a refusal says, as `error_msg`; without, it is a page.', type: 'string', minLength: 1, examples: ['Too many requests'] },
    policy: { description: 'Where the rate is kept: `local` in this process, the others in a Redis that several gateways share.', type: 'string', enum: ['local', 'redis', 'redis-cluster'], default: 'local' },
    allow_degradation: { description: 'true lets requests pass while the rate cannot be known.', type: 'boolean', default: false },
    ...REDIS_OPTIONS,
  },
  required: ['rate', 'burst', 'key'],
  additionalProperties: false,
} as const;

type Options = Infer<typeof schema>;

/** Lets requests pass at a rate, as Apache APISIX's plugin of this name does. */
export const limitReq = limitReqWith(MEANS);

/** The same with a clock and a bound of its own. */
export function limitReqWith(means: Means): Plugin {
  return plugin({
    name: 'limit-req',
    priority: 1001,
    needs: 'history',
    schema,
    compile(options, binding) {
      const { rate, burst, nodelay } = options;
      const key = keyOf(options.key, options.key_type, binding, ['key']);
      const bucket = bucketOf(options, binding, means);
      const { refused, uncounted } = answersOf(options, 'failed to limit req');
      const delay = nodelay ? undefined : new Delay();
      const turn = (x: Exchange, wait: number): Step => (wait < 0 ? refused : delay?.wait(x, wait));

      return {
        access(x) {
          const wait = bucket.take(key(x), rate, burst);
          if (typeof wait === 'number') return turn(x, wait);
          // who keeps the rate tells why it is not known
          return wait.then((known) => turn(x, known), () => uncounted);
        },
        ...(delay && { log: (x: Exchange) => delay.end(x) }),
      };
    },
  });
}

/** The buckets, which outlive a reload that changes nothing of the rate. */
function bucketOf(options: Options, binding: Binding, means: Means): Bucket {
  const { rate, burst, key, key_type: type, policy } = options;
  const shape = JSON.stringify([rate, burst, key, type, policy]);
  const connection = connectionOf(options, binding);
  return connection ? new RedisBucket(connection, prefixOf('limit-req', binding.owner, shape)) : binding.retain(shape, () => new LocalBucket(means));
}
