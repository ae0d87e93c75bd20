const seconds = { type: 'number', exclusiveMinimum: 0, maximum: 86_400 } as const;

/** How long the gateway waits for its clients. */
export const clientTimeouts = {
  description: 'How long clients may take. What is changed holds at once, for open connections too.',
  type: 'object',
  properties: {
    header: { description: 'Seconds within which the whole head of a request must have come, from the connection or from its first byte on; 408 or a closed connection after that.', ...seconds, default: 10 },
    body: { description: 'Seconds that a client may pause within a request\'s body; 408 after that. Time in which an upstream takes nothing does not count.', ...seconds, default: 30 },
    min_rate: { description: 'Bytes per second that a request\'s body must come to on average, its first 10 seconds (or `body`, if that is less) not counted; 0: no limit.', type: 'number', minimum: 0, default: 240 },
    idle: { description: 'Seconds that a kept-alive connection may be without a request.', ...seconds, default: 75 },
    write: { description: 'Seconds in which a client may take nothing of an answer; its connection is closed after that. It holds for both sides of a WebSocket. Progress shows in steps, as large as the buffers of the connection.', ...seconds, default: 60 },
  },
  additionalProperties: false,
  default: {},
} as const;
