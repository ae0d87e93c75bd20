import type { Infer } from './infer.js';

const headerName = '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$';
/** What a line of a head can hold. */
const headerText = '^[\\t\\x20-\\x7e\\x80-\\xff]*$';

const sentHeaders = {
  description: 'Headers to send: a text each, or a list where one is sent several times. `Host` is `localhost`, unless given.',
  type: 'object', propertyNames: { pattern: headerName },
  additionalProperties: { type: ['string', 'array'], pattern: headerText, items: { type: 'string', pattern: headerText } },
  examples: [{ apikey: 'secret-key' }],
} as const;

const body = {
  description: 'The body: a text as it is; a mapping or a list as JSON.',
  type: ['string', 'object', 'array'], examples: ['a text', { name: 'tom' }],
} as const;

const answerProperties = {
  status: { description: 'The status.', type: 'integer', minimum: 200, maximum: 599, default: 200 },
  headers: { ...sentHeaders, description: 'Headers of the answer.', examples: [{ 'Cache-Control': 'no-store' }] },
  body,
  fault: {
    description: 'No answer, but a failure: the connection is `refused`, or not made in time (`connect-timeout`); no answer comes in time (`timeout`), or the connection is cut (`reset`).',
    enum: ['refused', 'connect-timeout', 'timeout', 'reset'],
  },
} as const;

const answer = {
  description: 'What the upstream does: one answer, or several in turn, of which the last one stays (as when nodes fail one after the other). Unless given, it answers 200 and tells what it received, as `gateway echo` does at `/anything`.',
  type: ['object', 'array'], properties: answerProperties, additionalProperties: false,
  items: { description: 'One of several answers.', type: 'object', properties: answerProperties, additionalProperties: false },
  minItems: 1, examples: [{ status: 503 }, [{ fault: 'refused' }, { status: 200 }]],
} as const;

const wantedHeaders = {
  description: 'Headers that must be there: the whole value, or a regular expression that it matches. Values of a repeated header are joined with `, `.',
  type: 'object', propertyNames: { pattern: headerName },
  additionalProperties: {
    type: ['string', 'object'],
    properties: { matches: { description: 'A regular expression.', type: 'string', minLength: 1 } }, required: ['matches'], additionalProperties: false,
  },
  examples: [{ 'Content-Type': 'application/json', 'X-Request-Id': { matches: '^[0-9a-f-]{36}$' } }],
} as const;

const texts = { type: ['string', 'array'], minLength: 1, items: { type: 'string', minLength: 1 } } as const;

const message = {
  headers: wantedHeaders,
  absent: { ...texts, description: 'Headers that must not be there: a name, or several.', examples: ['Server'] },
  body: { ...body, description: 'The whole body: a text as it is; a mapping or a list as JSON, however that is written.' },
  contains: { ...texts, description: 'What the body must contain: a text, or several.' },
  lacks: { ...texts, description: 'What the body must not contain: a text, or several.' },
} as const;

const id = { type: ['string', 'integer', 'boolean'], minLength: 1 } as const;

const seen = {
  description: 'What the upstream must have received (of several attempts, in the last one). false: the request must not get that far.',
  type: ['object', 'boolean'],
  properties: {
    id: { description: 'The id of the upstream.', type: ['string', 'integer'], minLength: 1 },
    node: { description: 'The node that was asked: `host:port`.', type: 'string', minLength: 1, examples: ['127.0.0.1:9081'] },
    attempts: { description: 'How many nodes were asked.', type: 'integer', minimum: 1 },
    method: { description: 'The method.', type: 'string', minLength: 1 },
    path: { description: 'Path and query, as they were sent to the node.', type: 'string', minLength: 1, examples: ['/ip?a=1'] },
    ...message,
  },
  additionalProperties: false, examples: [{ headers: { 'X-Consumer-Username': 'tom' }, absent: 'apikey' }],
} as const;

const expectation = {
  description: 'What must come of it; what is not mentioned does not matter.',
  type: 'object',
  properties: {
    route: { ...id, description: 'The id of the route that the request meets, one of the configuration; false when none.' },
    consumer: { ...id, description: 'The consumer whom the request is found to be of; false when none.' },
    status: { description: 'The status.', type: 'integer', minimum: 100, maximum: 599 },
    ...message,
    upstream: seen,
  },
  additionalProperties: false, minProperties: 1, examples: [{ status: 401, upstream: false }],
} as const;

const request = {
  description: 'One case: a request, and what must come of it.',
  type: 'object',
  properties: {
    name: { description: 'What the case is about.', type: 'string', minLength: 1 },
    request: {
      description: 'Method and target: `GET /ip?a=1`, or `GET https://example.com/ip` for another Host.',
      type: 'string', pattern: '^[A-Z]+ (/|https?://)[!-~]*$', examples: ['GET /ip'],
    },
    headers: sentHeaders,
    body,
    from: { description: 'The address that the request comes from.', type: 'string', default: '127.0.0.1', examples: ['203.0.113.7', '2001:db8::7'] },
    times: { description: 'How often it is sent; each time the same must come of it.', type: 'integer', minimum: 1, maximum: 10_000, default: 1 },
    answer,
    expect: expectation,
  },
  required: ['request', 'expect'],
  additionalProperties: false,
} as const;

/** A file of cases. */
const cases = {
  type: 'object',
  properties: { requests: { description: 'The cases, in the order in which they are sent; all meet the same running configuration.', type: 'array', minItems: 1, items: request } },
  required: ['requests'],
  additionalProperties: false,
} as const;

/** The JSON Schema of a file of cases. */
export const casesSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'gateway requests',
  description: 'Requests to a gateway, and what must come of them: what `gateway test` sends.',
  ...cases,
} as const;

export type CasesConfig = Infer<typeof cases>;
export type CaseConfig = Infer<typeof request>;
export type Expectation = Infer<typeof expectation>;
export type AnswerConfig = Infer<typeof answer.items>;
export type SeenConfig = Exclude<Infer<typeof seen>, boolean>;
export type WantedHeaders = Infer<typeof wantedHeaders>;
export type SentHeaders = Infer<typeof sentHeaders>;
export type BodyConfig = Infer<typeof body>;
