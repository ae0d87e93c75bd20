// @ts-check
import { plugin } from 'gateway';

/** Lets in whoever names a tenant that is known, and tells the upstream which one it is. */
export const tenant = plugin({
  name: 'tenant',
  // after authentication (key-auth: 2500), before the rate limits (limit-count: 1002)
  priority: 2100,
  schema: {
    type: 'object',
    properties: {
      header: { description: 'The header in which clients name their tenant.', type: 'string', minLength: 1, default: 'x-tenant' },
      allowed: { description: 'The tenants that are known.', type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, examples: [['acme', 'umbrella']] },
    },
    required: ['allowed'],
    additionalProperties: false,
  },

  // once, when the file is loaded: what can be decided here costs no request anything
  compile({ header, allowed }, binding) {
    const known = new Set(allowed);
    if (known.size < allowed.length) binding.reject(['allowed'], 'a tenant stands here twice');
    const name = header.toLowerCase();
    // outlives edits of the file; one per place where the plugin is configured
    const seen = binding.retain('seen', () => ({ requests: 0 }));

    return {
      access(x) {
        const [value, another] = x.headerValues(name);
        if (value === undefined || another !== undefined) return { status: 400, body: { message: `One ${header} is needed` } };
        if (!known.has(value)) return { status: 403, body: { message: 'Unknown tenant' } };
        seen.requests++;
        x.setHeader('X-Tenant-Id', value);
        return undefined;
      },
      headerFilter(x, head) {
        head.headers.push('X-Tenant-Requests', String(seen.requests));
      },
    };
  },
});
