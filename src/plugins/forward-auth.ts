import { FRAMING, HOP_BY_HOP, isReserved } from '../header-names.js';
import { headerValues, isFault, Outbound, type OutboundResponse } from '../outbound/outbound.js';
import { unicode } from '../variables/text.js';
import { plugin, type Binding, type Exchange, type Reply } from './plugin.js';

const headerNames = { type: 'array', items: { type: 'string', minLength: 1, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }, default: [] } as const;

/** Asks a server whether a request may pass, as Apache APISIX's plugin of this name does. */
export const forwardAuth = plugin({
  name: 'forward-auth',
  priority: 2002,
  needs: 'network',
  schema: {
    description: 'Asks an authorization service about every request. An answer below 300 lets it pass; any other is what the client gets.',
    type: 'object',
    properties: {
      uri: { description: 'The authorization service.', type: 'string', minLength: 1, examples: ['http://127.0.0.1:9082/auth'] },
      allow_degradation: { description: 'true lets requests pass while the service does not answer.', type: 'boolean', default: false },
      status_on_error: { description: 'The status of requests while the service does not answer.', type: 'integer', minimum: 200, maximum: 599, default: 403 },
      ssl_verify: { description: 'Whether the service\'s certificate must be valid.', type: 'boolean', default: true },
      request_method: { description: 'The method to ask with; with POST the service gets the body of the request.', type: 'string', enum: ['GET', 'POST'], default: 'GET' },
      max_req_body_size: { description: 'Bytes that a body may have for POST; larger ones get 413.', type: 'integer', minimum: 1, default: 67108864 },
      request_headers: { description: 'Headers of the client that the service gets.', ...headerNames, examples: [['Authorization', 'Cookie']] },
      extra_headers: {
        description: 'Further headers for the service; values may hold variables.', examples: [{ 'X-Route': '$route_id' }],
        type: 'object', minProperties: 1, additionalProperties: { type: 'string', 'x-secret': true },
      },
      upstream_headers: { description: 'Headers of the service\'s answer that the upstream gets, in place of what the client sent under these names.', ...headerNames, examples: [['X-User-Id']] },
      client_headers: { description: 'Headers of the service\'s answer that a refused client gets.', ...headerNames, examples: [['Location', 'WWW-Authenticate']] },
      consumer_header: { description: 'The header of the service\'s answer that names the consumer whom the request is from.', type: 'string', minLength: 1, examples: ['X-Consumer'] },
      timeout: { description: 'Milliseconds to wait for the service, all in all.', type: 'integer', minimum: 1, maximum: 60000, default: 3000 },
      keepalive: { description: 'Whether connections to the service are used again.', type: 'boolean', default: true },
      keepalive_timeout: { description: 'Milliseconds for which they stay open without a request.', type: 'integer', minimum: 1000, default: 60000 },
      keepalive_pool: { description: 'How many of them stay open.', type: 'integer', minimum: 1, default: 5 },
    },
    required: ['uri'],
    additionalProperties: false,
  },

  compile(options, binding) {
    const { request_method: method, max_req_body_size: most, allow_degradation: degrades, consumer_header: consumerHeader } = options;
    const url = addressOf(options.uri, binding);
    checkNames(options, binding);
    const outbound = outboundOf(options, binding);
    const headersFor = sentHeaders(options, method === 'POST', binding);
    const onError: Reply = { status: options.status_on_error };

    const ask = async (x: Exchange): Promise<Reply | undefined> => {
      const body = method === 'POST' ? await x.body(most) : undefined;
      if (method === 'POST' && !body) return TOO_LARGE;
      const headers = headersFor(x);
      // a client must not bring the failure about that lets it pass
      if (!headers.every(isText)) return onError;
      const answer = await outbound.send({ method, url, headers, body });
      if (isFault(answer)) {
        binding.tell(`the authorization service ${url.host} does not answer (${answer.failed}); requests ${degrades ? 'pass without it' : `get ${onError.status}`}`);
        if (degrades) passHeaders(x, options.upstream_headers, undefined);
        return degrades ? undefined : onError;
      }
      if (answer.status >= 300) return refusalOf(answer, options.client_headers);
      passHeaders(x, options.upstream_headers, answer);
      return consumerHeader === undefined ? undefined : attach(x, headerValues(answer, consumerHeader.toLowerCase())[0], binding);
    };
    // who calls must be known when the rewrite phase ends
    return consumerHeader === undefined ? { access: ask } : { rewrite: ask };
  },
});

const TOO_LARGE: Reply = { status: 413 };

type Options = Parameters<typeof sentHeaders>[0] & Parameters<typeof outboundOf>[0] & { readonly upstream_headers: readonly string[]; readonly client_headers: readonly string[] };

function addressOf(uri: string, binding: Binding): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isAddress = url && /^https?:$/.test(url.protocol);
  if (isAddress && url.username === '' && url.password === '') return url;
  binding.reject(['uri'], isAddress ? 'an address here has no user and no password: send them as `Authorization`, by `extra_headers`' : 'this is no address of a server, such as https://auth.example/check');
  return new URL('http://127.0.0.1');
}

/** Connections are told apart by what they are made with. */
function outboundOf(options: { readonly timeout: number; readonly ssl_verify: boolean; readonly keepalive: boolean; readonly keepalive_pool: number; readonly keepalive_timeout: number }, binding: Binding): Outbound {
  const { timeout, ssl_verify: verify, keepalive, keepalive_pool: most, keepalive_timeout: idleTimeout } = options;
  const idle = keepalive ? { most, timeout: idleTimeout } : undefined;
  return binding.retain(JSON.stringify([timeout, verify, idle]), () => new Outbound({ timeout, verify, idle, limit: 1024 * 1024 }));
}

/** Names that would change what the service or the client takes for the message, or speak for the gateway. */
function checkNames({ request_headers: asked, extra_headers: extra = {}, upstream_headers: passed, client_headers: shown }: Options, binding: Binding): void {
  const isFraming = (name: string): boolean => HOP_BY_HOP.has(name) || FRAMING.has(name);
  const refuse = (path: readonly (string | number)[], name: string): void => binding.reject(path, `the header ${name} cannot be passed on: it has a meaning of its own`);
  asked.forEach((name, i) => void (isFraming(name.toLowerCase()) && refuse(['request_headers', i], name)));
  Object.keys(extra).forEach((name) => void ((isFraming(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) && refuse(['extra_headers', name], name)));
  passed.forEach((name, i) => void (isReserved(name.toLowerCase()) && refuse(['upstream_headers', i], name)));
  shown.forEach((name, i) => void (isFraming(name.toLowerCase()) && refuse(['client_headers', i], name)));
}

/** The headers that the service gets, names and values in turn. */
function sentHeaders({ request_headers: asked, extra_headers: extra = {} }: { readonly request_headers: readonly string[]; readonly extra_headers?: Readonly<Record<string, string>> }, withBody: boolean, binding: Binding): (x: Exchange) => string[] {
  const more = Object.entries(extra).map(([name, text]) => ({ name, value: binding.template(text, ['extra_headers', name]) }));
  const taken = new Set([...Object.keys(extra), ...OWN].map((name) => name.toLowerCase()));
  const overridden = new Set(Object.keys(extra).map((name) => name.toLowerCase()));
  const copied = [...new Set([...asked, ...(withBody ? ['Content-Encoding'] : [])].map((name) => name.toLowerCase()))].filter((name) => !taken.has(name));
  return (x) => {
    const headers: string[] = [];
    const own = [x.scheme, x.method, x.host, x.query === undefined ? x.path : `${x.path}?${x.query}`, x.address];
    OWN.forEach((name, i) => void (overridden.has(name.toLowerCase()) || headers.push(name, own[i] ?? '')));
    for (const { name, value } of more) headers.push(name, bytesOf(value(x)));
    // all of them, so that the service judges what the upstream sees
    for (const name of copied) for (const value of x.headerValues(name)) headers.push(name, value);
    return headers;
  };
}

const OWN = ['X-Forwarded-Proto', 'X-Forwarded-Method', 'X-Forwarded-Host', 'X-Forwarded-Uri', 'X-Forwarded-For'] as const;

/** A text as it goes over the wire: UTF-8, each byte a character. */
const bytesOf = (text: string): string => (/[^\x00-\x7f]/.test(text) ? Buffer.from(text).toString('latin1') : text);

const isText = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

function refusalOf(answer: OutboundResponse, shown: readonly string[]): Reply {
  return { status: answer.status, body: answer.body, headers: shown.flatMap((name) => headerValues(answer, name.toLowerCase()).flatMap((value) => [name, value])) };
}

/** What the service says takes the place of what a client claims, also when it says nothing. */
function passHeaders(x: Exchange, passed: readonly string[], answer: OutboundResponse | undefined): void {
  for (const name of passed) {
    x.removeHeader(name.toLowerCase());
    for (const value of answer ? headerValues(answer, name.toLowerCase()) : []) x.addHeader(name, unicode(value));
  }
}

function attach(x: Exchange, username: string | undefined, binding: Binding): Reply | undefined {
  if (username === undefined || username === '') return { status: 403, body: 'consumer header missing in auth response' };
  const consumer = binding.consumer(username);
  if (!consumer) return { status: 403, body: 'consumer not found' };
  x.attach({ consumer });
  return undefined;
}
