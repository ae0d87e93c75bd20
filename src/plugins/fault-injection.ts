import { FRAMING, headerText, HOP_BY_HOP } from '../header-names.js';
import { Delay } from '../limits/delay.js';
import { plugin, type Binding, type Exchange, type Reply } from './plugin.js';

const percentage = { description: 'The share of requests that it meets, out of 100; all unless given.', type: 'integer', minimum: 0, maximum: 100, examples: [10] } as const;
const vars = { description: 'Expressions, as routes have them in `vars`; it meets requests that one of them holds for.', type: 'array', items: { type: 'array' }, minItems: 1, examples: [[[['arg_name', '==', 'jack']]]] } as const;

/** Answers in place of the upstream, or keeps requests waiting, to see how clients bear it, as Apache APISIX's plugin of this name does. */
export const faultInjection = plugin({
  name: 'fault-injection',
  priority: 11000,
  schema: {
    description: 'Answers in place of the upstream, or keeps requests waiting, to see how clients bear it.',
    type: 'object',
    properties: {
      abort: {
        description: 'An answer in place of the upstream\'s.', examples: [{ http_status: 503, percentage: 10 }],
        type: 'object',
        properties: {
          http_status: { description: 'Its status.', type: 'integer', minimum: 200, maximum: 599, examples: [503] },
          body: { description: 'Its body, which may hold variables.', type: 'string', examples: ['no luck today, $remote_addr'] },
          headers: { description: 'Its headers, whose values may hold variables.', type: 'object', additionalProperties: { type: ['string', 'number'] }, minProperties: 1, examples: [{ 'Retry-After': 5 }] },
          percentage, vars,
        },
        required: ['http_status'],
        additionalProperties: false,
      },
      delay: {
        description: 'A wait before all else.', examples: [{ duration: 1.5 }],
        type: 'object',
        properties: { duration: { description: 'Seconds.', type: 'number', minimum: 0, maximum: 3600, examples: [1.5] }, percentage, vars },
        required: ['duration'],
        additionalProperties: false,
      },
    },
    minProperties: 1,
    additionalProperties: false,
  },

  compile({ abort, delay }, binding) {
    const answer = abort && answerOf(abort, binding);
    const aborts = abort ? meets(abort, 'abort', binding) : never;
    const delays = delay ? meets(delay, 'delay', binding) : never;
    const milliseconds = (delay?.duration ?? 0) * 1000;
    const waiting = new Delay();
    const abortion = (x: Exchange): Reply | undefined => (answer && aborts(x) ? answer(x) : undefined);
    return {
      rewrite(x) {
        const wait = delays(x) ? waiting.wait(x, milliseconds) : undefined;
        return wait ? wait.then(() => abortion(x)) : abortion(x);
      },
      ...(delay && { log: (x: Exchange) => waiting.end(x) }),
    };
  },
});

const never = (): boolean => false;

interface Share {
  readonly percentage?: number;
  readonly vars?: readonly unknown[];
}

/** Whether a request is one of those that are met. */
function meets({ percentage: share, vars: alternatives }: Share, field: string, binding: Binding): (x: Exchange) => boolean {
  const rules = alternatives?.map((rule, i) => binding.expression(rule, [field, 'vars', i]));
  return (x) => (share === undefined || Math.random() * 100 < share) && (rules === undefined || rules.some((holds) => holds(x)));
}

function answerOf({ http_status: status, body, headers = {} }: { readonly http_status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string | number>> }, binding: Binding): (x: Exchange) => Reply {
  const text = body === undefined ? undefined : binding.template(body, ['abort', 'body']);
  const fields = Object.entries(headers).map(([name, value]) => {
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || FRAMING.has(lower) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) binding.reject(['abort', 'headers', name], `the header ${name} cannot be set: it has a meaning of its own`);
    return { name, value: binding.template(String(value), ['abort', 'headers', name]) };
  });
  return (x) => ({ status, body: text?.(x), headers: fields.flatMap(({ name, value }) => [name, headerText(value(x))]) });
}
