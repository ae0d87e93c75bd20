import { plugin, type Binding, type Reply } from './plugin.js';

const list = { type: 'array', items: { description: 'A regular expression.', type: 'string', minLength: 1 }, minItems: 1 } as const;

/** Lets requests through, or not, by what their User-Agent says, as Apache APISIX's plugin of this name does. */
export const uaRestriction = plugin({
  name: 'ua-restriction',
  priority: 2999,
  schema: {
    description: 'Lets requests through by their User-Agent. Any client can claim any: this keeps honest robots out, and guards nothing.',
    type: 'object',
    properties: {
      bypass_missing: { description: 'true lets requests without a User-Agent through.', type: 'boolean', default: false },
      allowlist: { description: 'Only what one of these regular expressions is found in is let through.', ...list, examples: [['^curl/', 'Firefox']] },
      denylist: { description: 'What one of these regular expressions is found in is not let through.', ...list, examples: [['(?i)bot', 'Spider/\\d+']] },
      message: { description: 'What a refused client is told.', type: 'string', minLength: 1, maxLength: 1024, default: 'Not allowed' },
    },
    oneOf: [{ required: ['allowlist'] }, { required: ['denylist'] }],
    additionalProperties: false,
  },

  compile({ bypass_missing: bypass, allowlist, denylist, message }, binding) {
    const allowed = allowlist && finder(allowlist, 'allowlist', binding);
    const denied = denylist && finder(denylist, 'denylist', binding);
    const refusal: Reply = { status: 403, body: { message } };
    return {
      access(x) {
        const agents = x.headerValues('user-agent');
        if (agents.length === 0) return bypass ? undefined : refusal;
        for (const agent of agents) if ((allowed && !allowed(agent)) || denied?.(agent) === true) return refusal;
        return undefined;
      },
    };
  },
});

/** Whether one of several regular expressions is found in a text. */
function finder(sources: readonly string[], name: string, binding: Binding): (text: string) => boolean {
  const rules = sources.map((source, i) => binding.regex(source, '', [name, i]));
  return (text) => {
    for (const rule of rules) if (rule.test(text)) return true;
    return false;
  };
}
