import { isReserved } from '../header-names.js';
import { connectionOf, prefixOf } from '../limits/backing.js';
import { checkRules, keyOf, numberOf, ruleKey } from '../limits/of-requests.js';
import { REDIS_OPTIONS, SENTINEL_OPTIONS } from '../limits/redis-options.js';
import { RedisWindow } from '../limits/redis-windows.js';
import { answersOf, quota, type Limit, type QuotaHeaders } from '../limits/quota.js';
import type { Limiter } from '../limits/verdict.js';
import { FixedWindow, MEANS, SlidingWindow, type Means } from '../limits/windows.js';
import type { Infer } from '../schema/infer.js';
import { plugin, type Binding, type Plugin } from './plugin.js';

const count = { description: 'Requests that a window takes: a whole number, or a text with variables that makes one, such as `${http_x_quota ?? 100}`.', type: ['integer', 'string'], minimum: 1, minLength: 1, examples: [100] } as const;
const window = { description: 'Seconds of a window, likewise.', type: ['integer', 'string'], minimum: 1, minLength: 1, examples: [60] } as const;
const headerName = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" } as const;

const rule = {
  type: 'object',
  properties: {
    count,
    time_window: window,
    key: { description: 'What the rule counts by, a text with variables: `$http_a $http_b`. A request that has none of them is not counted under the rule.', type: 'string', minLength: 1, examples: ['$consumer_name'] },
    header_prefix: { description: 'Names the rule\'s headers: `X-{header_prefix}-RateLimit-Limit` and so on. By default the number of the rule.', ...headerName, examples: ['Hour'] },
  },
  required: ['count', 'time_window', 'key'],
  additionalProperties: false,
} as const;

const schema = {
  description: 'Limits how many requests may come in a stretch of time.',
  type: 'object',
  properties: {
    count,
    time_window: window,
    window_type: { description: '`fixed`: a window begins with the first request. `sliding`: of the window before counts what still lies within the time of one window, so that no two bursts meet at a border.', type: 'string', enum: ['fixed', 'sliding'], default: 'fixed' },
    rules: { description: 'Several limits in place of `count` and `time_window`; each must let a request pass.', type: 'array', items: rule, minItems: 1 },
    key: { description: 'What requests are counted by. A request that has nothing of it is counted by its address.', type: 'string', minLength: 1, default: 'remote_addr' },
    key_type: { description: 'What `key` is: the name of a variable, a text with variables, or a text that stands for all requests.', type: 'string', enum: ['var', 'var_combination', 'constant'], default: 'var' },
    group: { description: 'Places with the same group count together. All of them must have the same configuration.', type: 'string', minLength: 1, examples: ['checkout'] },
    rejected_code: { description: 'The status of a refusal.', type: 'integer', minimum: 200, maximum: 599, default: 503 },
    rejected_msg: { description: 'What a refusal says, as `error_msg`; without, it is a page.', type: 'string', minLength: 1, examples: ['Too many requests'] },
    policy: { description: 'Where requests are counted: `local` in this process, the others in a Redis that several gateways share.', type: 'string', enum: ['local', 'redis', 'redis-cluster', 'redis-sentinel'], default: 'local' },
    allow_degradation: { description: 'true lets requests pass while they cannot be counted.', type: 'boolean', default: false },
    show_limit_quota_header: { description: 'Whether answers tell how much is left.', type: 'boolean', default: true },
    sync_interval: { description: 'Seconds between two exchanges with Redis in Apache APISIX, or -1. Without effect: each request is counted in Redis as it comes.', type: 'number', default: -1 },
    ...REDIS_OPTIONS,
    ...SENTINEL_OPTIONS,
  },
  additionalProperties: false,
} as const;

const metadataSchema = {
  description: 'The names of the headers that tell how much is left.',
  type: 'object',
  properties: {
    limit_header: { description: 'Names the header with the count.', ...headerName, default: 'X-RateLimit-Limit' },
    remaining_header: { description: 'Names the header with what is left of it.', ...headerName, default: 'X-RateLimit-Remaining' },
    reset_header: { description: 'Names the header with the seconds until the window ends.', ...headerName, default: 'X-RateLimit-Reset' },
  },
  additionalProperties: false,
} as const;

type Options = Infer<typeof schema>;
type CountBinding = Binding<Infer<typeof metadataSchema>>;

/** Limits how many requests may come in a stretch of time, as Apache APISIX's plugin of this name does. */
export const limitCount = limitCountWith(MEANS);

/** The same with a clock and a bound of its own. */
export function limitCountWith(means: Means): Plugin {
  return plugin({
    name: 'limit-count',
    priority: 1002,
    needs: 'history',
    schema,
    metadataSchema,
    compile(options, binding) {
      checkForm(options, binding);
      checkSync(options, binding);
      agree(options, binding);
      return { access: quota(limitsOf(options, binding), limiterOf(options, binding, means), answersOf(options, 'failed to limit count')) };
    },
  });
}

/** What no schema tells in words that help. */
function checkForm({ count, time_window: seconds, rules, group }: Options, binding: CountBinding): void {
  const single = count !== undefined || seconds !== undefined;
  if (rules && single) binding.reject(['rules'], '`rules` stand in place of `count` and `time_window`, and not beside them');
  if (rules && group !== undefined) binding.reject(['group'], 'a group has one limit, and no `rules`');
  if (!rules && (count === undefined || seconds === undefined)) binding.reject([], 'a limit needs `count` and `time_window`, or else `rules`');
  checkRules(rules ?? [], binding);
}

/** Accepts it for files that have it. */
function checkSync({ policy, sync_interval: interval, time_window: seconds }: Options, { reject, warn }: CountBinding): void {
  if (policy === 'local' || interval === -1) return;
  if (interval < 0.1) reject(['sync_interval'], 'this is at least 0.1, or -1');
  else if (typeof seconds === 'number' && interval >= seconds) reject(['sync_interval'], 'this is less than `time_window`');
  else warn(['sync_interval'], 'this has no effect: each request is counted in Redis as it comes');
}

/** Refuses a group of which another place has another configuration. */
function agree(options: Options, { together, reject }: CountBinding): void {
  const { group } = options;
  if (group === undefined) return;
  const conf = JSON.stringify(Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const other = together.get(group);
  if (other !== undefined && other !== conf) reject(['group'], 'group conf mismatched: another place with this group has another configuration');
  together.set(group, conf);
}

function limitsOf(options: Options, binding: CountBinding): Limit[] {
  const headers = options.show_limit_quota_header ? headersOf(binding) : undefined;
  if (!options.rules) {
    return [{
      key: keyOf(options.key, options.key_type, binding, ['key']),
      count: numberOf(options.count ?? 1, 1, binding, ['count']),
      window: numberOf(options.time_window ?? 1, 1, binding, ['time_window']),
      headers,
    }];
  }
  return options.rules.map((rule, i) => ({
    key: ruleKey(rule.key, i, binding),
    count: numberOf(rule.count, 1, binding, ['rules', i, 'count']),
    window: numberOf(rule.time_window, 1, binding, ['rules', i, 'time_window']),
    headers: headers && prefixed(headers, rule.header_prefix ?? String(i + 1)),
  }));
}

function headersOf(binding: CountBinding): QuotaHeaders {
  const { limit_header: limit = 'X-RateLimit-Limit', remaining_header: remaining = 'X-RateLimit-Remaining', reset_header: reset = 'X-RateLimit-Reset' } = binding.metadata ?? {};
  for (const name of [limit, remaining, reset]) {
    if (isReserved(name.toLowerCase())) binding.reject([], `the header ${name}, which \`plugin_metadata\` names, has a meaning of its own`);
  }
  return { limit, remaining, reset };
}

function prefixed(headers: QuotaHeaders, prefix: string): QuotaHeaders {
  const name = (base: string): string => base.replace('RateLimit-', () => `${prefix}-RateLimit-`);
  return { limit: name(headers.limit), remaining: name(headers.remaining), reset: name(headers.reset) };
}

/** What counts; its counters outlive a reload that changes nothing of what they count. */
function limiterOf(options: Options, binding: CountBinding, means: Means): Limiter {
  const { group, window_type: type, policy, count, time_window: seconds, key, key_type: keyType, rules } = options;
  const shape = JSON.stringify([type, policy, count, seconds, rules ? rules.map((rule) => [rule.count, rule.time_window, rule.key]) : [key, keyType]]);
  const connection = connectionOf(options, binding);
  if (connection) return new RedisWindow(connection, prefixOf('limit-count', group === undefined ? binding.owner : `group/${group}`, shape), type);
  const create = (): Limiter => (type === 'fixed' ? new FixedWindow(means) : new SlidingWindow(means));
  return group === undefined ? binding.retain(shape, create) : binding.share(`group ${group} ${shape}`, create);
}
