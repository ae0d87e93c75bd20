import { type Answer, json, text } from './answer.js';
import { produceBytes, produceDelay, produceHeaders, produceLines, produceRedirect, produceStatus } from './produce.js';
import { reflect, reflectAll, reflectBody, reflectCookies, reflectHeaders, reflectUserAgent } from './reflect.js';
import type { EchoRequest } from './request.js';

/** One thing that the echo server can be asked for. */
interface Endpoint {
  /** Literal path, `/base/{parameter}` for one more segment, or `/base/*` for any below and the base. */
  readonly path: string;
  /** Methods besides HEAD, which goes wherever GET does; empty for all. */
  readonly methods: readonly string[];
  readonly summary: string;
  readonly answer: (request: EchoRequest, parameter: string) => Answer;
}

const GET: readonly string[] = ['GET'];
const ANY: readonly string[] = [];

const ENDPOINTS: readonly Endpoint[] = [
  { path: '/', methods: GET, summary: 'This list.', answer: () => text(listing()) },
  { path: '/health', methods: GET, summary: 'Always 200: {"status": "ok"}.', answer: () => json({ status: 'ok' }) },
  { path: '/ip', methods: GET, summary: 'The address of the caller.', answer: ({ origin }) => json({ origin }) },
  { path: '/headers', methods: GET, summary: 'The request headers, spelt as received.', answer: reflectHeaders },
  { path: '/user-agent', methods: GET, summary: 'The User-Agent header.', answer: reflectUserAgent },
  { path: '/cookies', methods: GET, summary: 'The cookies.', answer: reflectCookies },
  { path: '/get', methods: GET, summary: 'The request: args, headers, origin, url.', answer: reflect },
  { path: '/post', methods: ['POST'], summary: 'The request and its body.', answer: reflectBody },
  { path: '/put', methods: ['PUT'], summary: 'The request and its body.', answer: reflectBody },
  { path: '/patch', methods: ['PATCH'], summary: 'The request and its body.', answer: reflectBody },
  { path: '/delete', methods: ['DELETE'], summary: 'The request and its body.', answer: reflectBody },
  { path: '/anything/*', methods: ANY, summary: 'The request, its method and its body, at any path below.', answer: reflectAll },
  { path: '/status/{code}', methods: ANY, summary: 'A status from 200 to 599, without a body.', answer: produceStatus },
  { path: '/delay/{seconds}', methods: ANY, summary: 'Like /anything, after 0 to 10 seconds (0.5 will do).', answer: produceDelay },
  { path: '/bytes/{n}', methods: GET, summary: 'N bytes, always the same, up to 10 MiB.', answer: produceBytes },
  { path: '/stream/{n}', methods: GET, summary: 'N lines of JSON in chunks, 1 to 1000.', answer: produceLines },
  { path: '/redirect-to', methods: ANY, summary: 'A redirect: ?url=/get&status_code=302.', answer: produceRedirect },
  { path: '/response-headers', methods: ['GET', 'POST'], summary: 'Sets response headers: ?X-Name=value.', answer: produceHeaders },
];

/** What an endpoint answers to a request; undefined for an unknown path, or a method that its endpoint does not take. */
export function knownAnswer(request: EchoRequest): Answer | undefined {
  for (const endpoint of ENDPOINTS) {
    const parameter = parameterOf(endpoint.path, request.path);
    const allowed = allowedBy(endpoint);
    if (parameter !== undefined && (allowed.length === 0 || allowed.includes(request.method))) return endpoint.answer(request, parameter);
  }
  return undefined;
}

/** Answers a request: 404 for an unknown path, 405 for a method that its endpoint does not take. */
export function answerTo(request: EchoRequest): Answer {
  const known = knownAnswer(request);
  if (known) return known;
  const endpoint = ENDPOINTS.find(({ path }) => parameterOf(path, request.path) !== undefined);
  if (!endpoint) return json({ error: 'not found', hint: 'GET / lists the endpoints' }, 404);
  return json({ error: 'method not allowed' }, 405, [['Allow', allowedBy(endpoint).join(', ')]]);
}

/** What a path has in place of the pattern's variable part ('' if there is none); undefined if they do not match. */
function parameterOf(pattern: string, path: string): string | undefined {
  const base = pattern.replace(/[^/]*$/, '');
  const rest = path.startsWith(base) ? path.slice(base.length) : undefined;
  if (pattern.endsWith('/*')) return `${path}/` === base ? '' : rest;
  if (pattern.endsWith('}')) return rest?.includes('/') === true ? undefined : rest;
  return path === pattern ? '' : undefined;
}

function allowedBy({ methods }: Endpoint): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

function listing(): string {
  const lines = ENDPOINTS.map(({ path, methods, summary }) => {
    const verbs = methods.length === 0 ? 'any' : methods.join(',');
    return `${verbs.padEnd(10)}${path.padEnd(20)}${summary}\n`;
  });
  return `An echo server: it shows what a request looks like when it arrives.\n\n${lines.join('')}`;
}
