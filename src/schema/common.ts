/** The pattern of a port: 0 to 65535. */
export const PORT = '(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

/** An id: text or a positive integer; `7` and `"7"` are the same id. */
export const id = {
  description: 'Identity of the resource within its kind. `7` and `"7"` are the same id.',
  type: ['string', 'integer'], minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9._-]+$', minimum: 1, examples: ['orders', 7],
} as const;

export const name = { description: 'A name for people.', type: 'string', minLength: 1, maxLength: 256, examples: ['orders of the shop'] } as const;

export const desc = { description: 'A description for people.', type: 'string', maxLength: 256, examples: ['ask the shop team before you change it'] } as const;

export const labels = {
  description: 'Labels for people and tools; values are texts without spaces.',
  type: 'object', additionalProperties: { type: 'string', minLength: 1, maxLength: 256, pattern: '^\\S+$' }, examples: [{ team: 'shop', stage: 'production' }],
} as const;

/** Written by APISIX's Admin API into exported files; accepted and not used. */
export const timestamp = { description: 'Seconds since 1970, as exported files carry it; not used.', type: 'integer', examples: [1700000000] } as const;

export const timeout = {
  description: 'Seconds to wait for the upstream.', examples: [{ connect: 5, send: 60, read: 60 }],
  type: 'object',
  properties: {
    connect: { description: 'To connect.', type: 'number', exclusiveMinimum: 0, default: 60 },
    send: { description: 'Between two writes of the request.', type: 'number', exclusiveMinimum: 0, default: 60 },
    read: { description: 'Between two reads of the response.', type: 'number', exclusiveMinimum: 0, default: 60 },
  },
  additionalProperties: false,
} as const;

export const host = {
  description: 'A host name, exact or with a leading wildcard: `*.example.com` matches at any depth.',
  type: 'string', minLength: 1, pattern: '^(\\*|\\*?[0-9a-zA-Z-._\\[\\]:]+)$', examples: ['example.com', '*.example.com'],
} as const;
