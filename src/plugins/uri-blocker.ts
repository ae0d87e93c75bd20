import { plugin, type Reply } from './plugin.js';

/** Refuses requests by their path and query, as Apache APISIX's plugin of this name does. */
export const uriBlocker = plugin({
  name: 'uri-blocker',
  priority: 2900,
  schema: {
    description: 'Refuses requests in whose path and query a regular expression is found.',
    type: 'object',
    properties: {
      block_rules: {
        description: 'Regular expressions, looked for in the path, decoded and without `//`, `.` and `..`, and the query behind it.',
        type: 'array', items: { type: 'string', minLength: 1, maxLength: 4096 }, minItems: 1, uniqueItems: true, examples: [['^/internal/', '\\.(bak|sql)$']],
      },
      case_insensitive: { description: 'true makes no difference between upper and lower case.', type: 'boolean', default: false },
      rejected_code: { description: 'The status of a refusal.', type: 'integer', minimum: 200, maximum: 599, default: 403 },
      rejected_msg: { description: 'What a refused client is told; a page without.', type: 'string', minLength: 1, examples: ['there is nothing here'] },
    },
    required: ['block_rules'],
    additionalProperties: false,
  },

  compile({ block_rules: sources, case_insensitive: anyCase, rejected_code: status, rejected_msg: message }, binding) {
    const rules = sources.map((source, i) => binding.regex(source, anyCase ? 'i' : '', ['block_rules', i]));
    const path = binding.variable('uri', []);
    const refusal: Reply = { status, ...(message !== undefined && { body: { error_msg: message } }) };
    return {
      rewrite(x) {
        const uri = x.query === undefined ? path(x) ?? '' : `${path(x) ?? ''}?${x.query}`;
        for (const rule of rules) if (rule.test(uri)) return refusal;
        return undefined;
      },
    };
  },
});
