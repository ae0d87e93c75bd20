import { randomUUID } from 'node:crypto';
import { connectionOf, prefixOf } from '../limits/backing.js';
import { LocalConcurrency, RedisConcurrency, type Concurrency } from '../limits/concurrency.js';
import { checkRules, keyOf, numberOf, ruleKey } from '../limits/of-requests.js';
import { Pace, Presences, type PresenceLimit } from '../limits/presence.js';
import { answersOf } from '../limits/quota.js';
import { REDIS_OPTIONS } from '../limits/redis-options.js';
import type { Infer } from '../schema/infer.js';
import { plugin, type Binding } from './plugin.js';

const conn = { description: 'Requests that may be there at the same time: a whole number, or a text with variables that makes one, such as `${http_x_conn ?? 10}`.', type: ['integer', 'string'], minimum: 1, minLength: 1, examples: [10] } as const;
const burst = { description: 'How many more may be there, and wait for their turn, likewise.', type: ['integer', 'string'], minimum: 0, minLength: 1, examples: [5] } as const;

const rule = {
  type: 'object',
  properties: {
    conn,
    burst,
    key: { description: 'What the rule counts by, a text with variables: `$http_a $http_b`. A request that has none of them is not counted under the rule.', type: 'string', minLength: 1, examples: ['$consumer_name'] },
  },
  required: ['conn', 'burst', 'key'],
  additionalProperties: false,
} as const;

const schema = {
  description: 'Limits how many requests may be there at the same time.',
  type: 'object',
  properties: {
    conn,
    burst,
    default_conn_delay: { description: 'Seconds that a request is taken to last, until it is known better; for as long wait those beyond `conn`.', type: 'number', exclusiveMinimum: 0, examples: [0.1] },
    only_use_default_delay: { description: 'true never takes how long requests did last into account.', type: 'boolean', default: false },
    key: { description: 'What requests are counted by. A request that has nothing of it is counted by its address.', type: 'string', minLength: 1, examples: ['remote_addr'] },
    key_type: { description: 'What `key` is: the name of a variable, or a text with variables.', type: 'string', enum: ['var', 'var_combination'], default: 'var' },
    rules: { description: 'Several limits in place of `conn`, `burst` and `key`; each must let a request pass.', type: 'array', items: rule, minItems: 1 },
    rejected_code: { description: 'The status of a refusal.', type: 'integer', minimum: 200, maximum: 599, default: 503 },
    rejected_msg: { description: 'What a refusal says, as `error_msg`; without, it is a page.', type: 'string', minLength: 1, examples: ['Too many requests'] },
    policy: { description: 'Where requests are counted: `local` in this process, the others in a Redis that several gateways share.', type: 'string', enum: ['local', 'redis', 'redis-cluster'], default: 'local' },
    key_ttl: { description: 'Of a policy with Redis: seconds after which a request is forgotten whose gateway died.', type: 'integer', minimum: 1, default: 3600 },
    allow_degradation: { description: 'true lets requests pass while they cannot be counted.', type: 'boolean', default: false },
    ...REDIS_OPTIONS,
  },
  required: ['default_conn_delay'],
  additionalProperties: false,
} as const;

type Options = Infer<typeof schema>;

/** Limits how many requests may be there at the same time, as Apache APISIX's plugin of this name does. */
export const limitConn = plugin({
  name: 'limit-conn',
  priority: 1003,
  needs: 'history',
  schema,
  compile(options, binding) {
    checkForm(options, binding);
    const { pace, concurrency } = stateOf(options, binding);
    const presences = new Presences(limitsOf(options, binding), concurrency, pace, answersOf(options, 'failed to limit conn'), ids(), !options.only_use_default_delay);
    return {
      access: (x) => presences.enter(x),
      log: (x) => presences.leave(x),
    };
  },
});

/** What no schema tells in words that help. */
function checkForm({ conn: most, burst: more, key, rules }: Options, binding: Binding): void {
  const given = [most, more, key].filter((value) => value !== undefined).length;
  if (rules && given > 0) binding.reject(['rules'], '`rules` stand in place of `conn`, `burst` and `key`, and not beside them');
  if (!rules && given < 3) binding.reject([], 'a limit needs `conn`, `burst` and `key`, or else `rules`');
  checkRules(rules ?? [], binding);
}

function limitsOf(options: Options, binding: Binding): PresenceLimit[] {
  if (!options.rules) {
    return [{
      key: keyOf(options.key ?? 'remote_addr', options.key_type, binding, ['key']),
      conn: numberOf(options.conn ?? 1, 1, binding, ['conn']),
      burst: numberOf(options.burst ?? 0, 0, binding, ['burst']),
    }];
  }
  return options.rules.map((rule, i) => ({
    key: ruleKey(rule.key, i, binding),
    conn: numberOf(rule.conn, 1, binding, ['rules', i, 'conn']),
    burst: numberOf(rule.burst, 0, binding, ['rules', i, 'burst']),
  }));
}

/** What is counted outlives a reload that changes nothing of what counts; so does what was learnt. */
function stateOf(options: Options, binding: Binding): { readonly pace: Pace; readonly concurrency: Concurrency } {
  const { conn: most, burst: more, key, key_type: type, rules, policy, default_conn_delay: delay, key_ttl: life } = options;
  const shape = JSON.stringify([most, more, key, type, rules, policy]);
  const pace = binding.retain(`pace ${delay} ${shape}`, () => new Pace(delay * 1000));
  const connection = connectionOf(options, binding);
  const concurrency = connection ? new RedisConcurrency(connection, prefixOf('limit-conn', binding.owner, shape), life * 1000) : binding.retain(shape, () => new LocalConcurrency());
  return { pace, concurrency };
}

/** No two requests have the same, whatever gateway they come to. */
function ids(): () => string {
  const own = randomUUID();
  let count = 0;
  return () => `${own}:${++count}`;
}
