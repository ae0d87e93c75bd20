import { plugin, type Binding, type Exchange, type Reply } from './plugin.js';

const list = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 } as const;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'] as const;

/** Lets consumers through, or not, by their name or group, or by the route or service that they ask for, as Apache APISIX's plugin of this name does. */
export const consumerRestriction = plugin({
  name: 'consumer-restriction',
  priority: 2400,
  schema: {
    description: 'Lets requests through by who calls, or by what is called: by an allow list, a deny list, or the methods that each consumer may use.',
    type: 'object',
    properties: {
      type: {
        description: 'What the lists name: consumers, consumer groups, or (in the plugins of a consumer or of a group) services or routes.',
        type: 'string', enum: ['consumer_name', 'consumer_group_id', 'service_id', 'route_id'], default: 'consumer_name',
      },
      whitelist: { description: 'Only these are let through.', ...list, examples: [['tom', 'ann']] },
      blacklist: { description: 'These are not let through.', ...list, examples: [['eve']] },
      allowed_by_methods: {
        description: 'The methods that each of these may use; whoever is not listed here, and whoever is in the whitelist, may use all.',
        type: 'array', minItems: 1, examples: [[{ user: 'ann', methods: ['GET', 'HEAD'] }]],
        items: {
          type: 'object',
          properties: {
            user: { description: 'Whom it concerns: a consumer, or what `type` says.', type: 'string', minLength: 1, examples: ['ann'] },
            methods: { description: 'What it may use.', type: 'array', items: { type: 'string', enum: METHODS }, minItems: 1, examples: [['GET', 'HEAD']] },
          },
          required: ['user', 'methods'],
          additionalProperties: false,
        },
      },
      rejected_code: { description: 'The status of a refusal.', type: 'integer', minimum: 200, maximum: 599, default: 403 },
      rejected_msg: { description: 'What a refused client is told; `The consumer_name is forbidden.` by default.', type: 'string', examples: ['this is not for you'] },
    },
    anyOf: [{ required: ['blacklist'] }, { required: ['whitelist'] }, { required: ['allowed_by_methods'] }],
    additionalProperties: false,
  },

  compile({ type, whitelist, blacklist, allowed_by_methods: byMethods, rejected_code: status, rejected_msg: message }, binding) {
    if (type === 'consumer_name') warnOfStrangers(binding, whitelist, blacklist, byMethods);
    const allowed = whitelist && new Set(whitelist);
    const denied = new Set(blacklist);
    // of several entries for one the first counts
    const methods = new Map(byMethods?.toReversed().map(({ user, methods: may }) => [user, new Set<string>(may)]));
    const subjectOf = SUBJECTS[type];
    const unknown: Reply = { status: 401, body: { message: `The request is rejected, please check the ${type} for this request` } };
    const refusal: Reply = { status, body: { message: message ?? `The ${type} is forbidden.` } };

    return {
      access(x) {
        const subject = subjectOf(x);
        if (subject === undefined) return unknown;
        if (denied.has(subject)) return refusal;
        if (allowed) return allowed.has(subject) ? undefined : refusal;
        return methods.get(subject)?.has(x.method) === false ? refusal : undefined;
      },
    };
  },
});

const SUBJECTS: Readonly<Record<'consumer_name' | 'consumer_group_id' | 'service_id' | 'route_id', (x: Exchange) => string | undefined>> = {
  consumer_name: (x) => x.consumer?.username,
  consumer_group_id: (x) => x.consumer?.groupId,
  service_id: (x) => x.service?.id,
  route_id: (x) => x.route?.id,
};

/** A name that no consumer has is a name that was mistyped, or that of somebody who is gone. */
function warnOfStrangers(binding: Binding, whitelist: readonly string[] = [], blacklist: readonly string[] = [], byMethods: readonly { readonly user: string }[] = []): void {
  whitelist.forEach((name, i) => warnOfStranger(binding, ['whitelist', i], name, 'nobody is let through by this name'));
  blacklist.forEach((name, i) => warnOfStranger(binding, ['blacklist', i], name, 'nobody is refused by this name'));
  byMethods.forEach(({ user }, i) => warnOfStranger(binding, ['allowed_by_methods', i, 'user'], user, 'nobody is held to these methods'));
}

function warnOfStranger(binding: Binding, path: readonly (string | number)[], name: string, consequence: string): void {
  if (!binding.consumer(name)) binding.warnOfMissingConsumer(path, name, consequence);
}
