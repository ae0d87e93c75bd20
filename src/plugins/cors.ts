import { plugin, type Binding, type Exchange, type Reply, type ResponseHead } from './plugin.js';

const origins = { type: 'string', pattern: '^(\\*|\\*\\*|null|\\w+://[^,\\s]+(,\\w+://[^,\\s]+)*)$' } as const;
const names = { type: 'string', pattern: '^[ -~]*$' } as const;
const regexes = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, uniqueItems: true, examples: [['^https://([a-z0-9-]+\\.)?shop\\.example$']] } as const;

/** Lets pages of other origins read answers, as Apache APISIX's plugin of this name does. */
export const cors = plugin({
  name: 'cors',
  priority: 4000,
  schema: {
    description: 'Tells browsers which pages of other origins may read the answers, refusals included, and answers every OPTIONS request itself: a preflight carries no credentials.',
    type: 'object',
    properties: {
      allow_origins: { description: 'Origins that may read: a list with commas; `*` for all, without credentials; `**` for all that send one, also with credentials (all the web acts for your users then).', ...origins, default: '*', examples: ['https://shop.example,https://admin.shop.example'] },
      allow_methods: { description: 'Methods that they may use: a list with commas; `*` or `**` for all.', ...names, default: '*', examples: ['GET,POST'] },
      allow_headers: { description: 'Headers that they may send: a list with commas; `*` for all; `**` for those that the browser asks for.', ...names, default: '*', examples: ['apikey,content-type'] },
      expose_headers: { description: 'Headers of answers that they may read, beyond those that every page may: a list with commas, or `*`.', ...names, examples: ['etag,location'] },
      max_age: { description: 'Seconds for which a browser may remember all this; -1 not at all.', type: 'integer', default: 5 },
      allow_credential: { description: 'true lets browsers send cookies and other credentials along; none of the fields before may be `*` then.', type: 'boolean', default: false },
      allow_origins_by_regex: { description: 'Origins that one of these regular expressions is found in, in place of `allow_origins`.', ...regexes },
      allow_origins_by_metadata: { description: 'Further origins: names under `allow_origins` in this plugin\'s metadata.', type: 'array', items: { type: 'string', minLength: 1, maxLength: 4096 }, minItems: 1, uniqueItems: true, examples: [['partners']] },
      timing_allow_origins: { description: 'Origins that may see how long each part of loading took, written as `allow_origins`.', ...origins, examples: ['https://shop.example'] },
      timing_allow_origins_by_regex: { description: 'The same by regular expressions, in place of `timing_allow_origins`.', ...regexes },
    },
    additionalProperties: false,
  },
  metadataSchema: {
    description: 'Lists of origins that routes refer to by name.',
    type: 'object',
    properties: {
      allow_origins: { description: 'Origins by the names that `allow_origins_by_metadata` gives.', type: 'object', additionalProperties: origins, minProperties: 1, examples: [{ partners: 'https://one.example,https://two.example' }] },
    },
    additionalProperties: false,
  },

  compile(options, binding) {
    const { allow_origins: listed, allow_origins_by_regex: byRegex, allow_origins_by_metadata: keys } = options;
    const { allow_methods: methods, allow_headers: headers, expose_headers: exposed, allow_credential: withCredentials } = options;
    if (withCredentials && [listed, methods, headers, exposed].includes('*')) binding.reject(['allow_credential'], 'with credentials none of allow_origins, allow_methods, allow_headers and expose_headers may be `*`, which is what the first three are by default: browsers take it for a name then');
    const more = keys && anyOf(keys.map((key, i) => fromMetadata(key, i, binding)));
    // all origins, and besides them some: the author means those
    const first = byRegex ? matching(byRegex, 'allow_origins_by_regex', binding) : more && listed === '*' ? none : oneOf(listed);
    const allows = more ? anyOf([first, more]) : first;
    const { timing_allow_origins: timed, timing_allow_origins_by_regex: timedByRegex } = options;
    const times = timedByRegex ? matching(timedByRegex, 'timing_allow_origins_by_regex', binding) : timed === undefined ? none : oneOf(timed);
    for (const field of ['allow_origins', 'timing_allow_origins'] as const) doubtOrigins(options[field], field, binding);
    const varies = listed !== '*' || more !== undefined;
    const fixed = fixedHeaders(options);
    const echoes = headers === '**';

    return {
      rewrite: ({ method }) => (method === 'OPTIONS' ? PREFLIGHT : undefined),
      headerFilter(x, head) {
        const sent = x.headerValues('origin');
        const origin = sent.length === 1 ? sent[0] : undefined;
        if (varies) head.headers.push('Vary', 'Origin');
        const allowed = allows(origin);
        if (allowed !== undefined) {
          drop(head, OURS);
          head.headers.push('Access-Control-Allow-Origin', allowed, ...fixed);
          if (echoes) echoHeaders(x, head);
        }
        const timing = times(origin);
        if (timing === undefined) return;
        drop(head, TIMING);
        head.headers.push('Timing-Allow-Origin', timing);
      },
    };
  },
});

const PREFLIGHT: Reply = { status: 200 };
const ALL_METHODS = 'GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE';
const OURS: ReadonlySet<string> = new Set(['origin', 'methods', 'headers', 'credentials'].map((name) => `access-control-allow-${name}`).concat('access-control-expose-headers', 'access-control-max-age'));
const TIMING: ReadonlySet<string> = new Set(['timing-allow-origin']);

/** What an origin is answered, if it may read; undefined is also the origin of a request that names none. */
type Allows = (origin: string | undefined) => string | undefined;

const none: Allows = () => undefined;

/** `null` is the origin of every sandboxed page and local file: it is let in where it is written, and by no pattern. */
function oneOf(listed: string): Allows {
  if (listed === '*') return () => '*';
  if (listed === '**') return (origin) => (origin === 'null' ? undefined : origin ?? '*');
  const known = new Set(listed.split(','));
  return (origin) => (origin !== undefined && known.has(origin) ? origin : undefined);
}

/** An origin is a scheme, a host and a port: whatever follows those no browser sends. */
function doubtOrigins(listed: string | undefined, field: string, binding: Binding): void {
  const [, origin] = /(?:^|,)(\w+:\/\/[^/,]+)\/[^,]*(?:,|$)/.exec(listed ?? '') ?? [];
  if (origin !== undefined) binding.warn([field], `an origin has no path, not even \`/\`: write \`${origin}\``);
}

function matching(sources: readonly string[], field: string, binding: Binding): Allows {
  const rules = sources.map((source, i) => {
    if (!source.endsWith('$')) binding.warn([field, i], 'without `$` at its end this also finds itself in longer origins, such as those of https://shop.example.attacker.example');
    return binding.regex(source, '', [field, i]);
  });
  return (origin) => (origin !== undefined && origin !== 'null' && rules.some((rule) => rule.test(origin)) ? origin : undefined);
}

function fromMetadata(key: string, i: number, binding: Binding<{ readonly allow_origins?: Readonly<Record<string, string>> }>): Allows {
  const { allow_origins: lists = {} } = binding.metadata ?? {};
  const listed = Object.hasOwn(lists, key) ? lists[key] : undefined;
  if (listed === undefined) {
    binding.warn(['allow_origins_by_metadata', i], `there is no \`allow_origins.${key}\` in the metadata of cors: it lets no origin in`);
    return none;
  }
  // all who name themselves
  return oneOf(listed === '*' ? '**' : listed);
}

function anyOf(rules: readonly Allows[]): Allows {
  return (origin) => {
    for (const rule of rules) {
      const allowed = rule(origin);
      if (allowed !== undefined) return allowed;
    }
    return undefined;
  };
}

interface Fixed {
  readonly allow_methods: string;
  readonly allow_headers: string;
  readonly expose_headers?: string;
  readonly max_age: number;
  readonly allow_credential: boolean;
}

/** What is the same in every answer, names and values in turn. */
function fixedHeaders({ allow_methods: methods, allow_headers: headers, expose_headers: exposed = '', max_age: age, allow_credential: withCredentials }: Fixed): readonly string[] {
  return [
    'Access-Control-Allow-Methods', methods === '**' ? ALL_METHODS : methods,
    'Access-Control-Max-Age', String(age),
    ...(exposed === '' ? [] : ['Access-Control-Expose-Headers', exposed]),
    ...(headers === '**' ? [] : ['Access-Control-Allow-Headers', headers]),
    ...(withCredentials ? ['Access-Control-Allow-Credentials', 'true'] : []),
  ];
}

function echoHeaders(x: Exchange, head: ResponseHead): void {
  const asked = x.headerValues('access-control-request-headers');
  if (asked.length > 0) head.headers.push('Access-Control-Allow-Headers', asked.join(','));
}

/** Takes headers that the upstream may have set out of a head. */
function drop(head: ResponseHead, gone: ReadonlySet<string>): void {
  const { headers } = head;
  const isGone = (i: number): boolean => gone.has((headers[i] ?? '').toLowerCase());
  for (let i = 0; i < headers.length; i += 2) {
    if (!isGone(i)) continue;
    head.headers = headers.filter((_, j) => !isGone(j - (j % 2)));
    return;
  }
}
