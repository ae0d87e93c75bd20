import { plugin, type Binding, type Exchange, type Reply } from './plugin.js';

/** Sends clients elsewhere, as Apache APISIX's plugin of this name does. */
export const redirect = plugin({
  name: 'redirect',
  priority: 900,
  schema: {
    description: 'Sends clients elsewhere.',
    type: 'object',
    properties: {
      uri: { description: 'Where to; may hold variables.', type: 'string', minLength: 2, examples: ['/new$uri', 'https://$host$request_uri'] },
      regex_uri: { description: 'A regular expression for the path, and what its find is replaced by, with `$1` and so on for its groups. Requests that it is not found in go on.', type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2, examples: [['^/old/(.*)', '/new/$1']] },
      http_to_https: { description: 'true sends whoever came by http to the same address by https, with 301, or 308 where the method is not GET or HEAD.', type: 'boolean' },
      ret_code: { description: 'The status of the answer.', type: 'integer', minimum: 200, maximum: 599, default: 302 },
      encode_uri: { description: 'true percent-encodes what no address may hold; control characters and spaces always are.', type: 'boolean', default: false },
      append_query_string: { description: 'true adds the query of the request.', type: 'boolean', default: false },
    },
    oneOf: [{ required: ['uri'] }, { required: ['regex_uri'] }, { required: ['http_to_https'] }],
    additionalProperties: false,
  },
  metadataSchema: {
    description: 'Where https is served.',
    type: 'object',
    properties: { https_port: { description: 'The port that `http_to_https` sends to.', type: 'integer', minimum: 1, maximum: 65535, default: 443 } },
    additionalProperties: false,
  },

  compile(options, binding) {
    const { http_to_https: secures, ret_code: status, encode_uri: encodes, append_query_string: appends } = options;
    if (secures === true && appends) binding.reject(['append_query_string'], '`http_to_https` keeps the query as it is, and needs no `append_query_string`');
    if (secures !== undefined) return secures ? { rewrite: securing(binding.metadata?.https_port ?? 443) } : {};
    const target = targetOf(options, binding);
    return {
      rewrite(x) {
        const to = target(x);
        if (to === undefined) return undefined;
        const whole = appends && x.query !== undefined ? `${to}${to.includes('?') ? '&' : '?'}${x.query}` : to;
        return { status, headers: ['Location', locationOf(whole, encodes)] };
      },
    };
  },
});

/** Where a request is sent to; undefined when it goes on. */
function targetOf({ uri = '', regex_uri: [source, replacement = ''] = [] }: { readonly uri?: string; readonly regex_uri?: readonly string[] }, binding: Binding): (x: Exchange) => string | undefined {
  if (source === undefined) return binding.template(uri, ['uri']);
  const rule = binding.regex(source, '', ['regex_uri', 0]);
  const path = binding.variable('uri', ['regex_uri']);
  return (x) => {
    const text = path(x) ?? '';
    const found = rule.exec(text);
    if (!found) return undefined;
    const replaced = replacement.replace(/\$(\d)|\$\{(\d)\}/g, (_, bare: string | undefined, braced: string | undefined) => found[Number(bare ?? braced)] ?? '');
    return text.slice(0, found.index) + replaced + text.slice(found.index + (found[0] ?? '').length);
  };
}

function securing(port: number): (x: Exchange) => Reply | undefined {
  const suffix = port === 443 ? '' : `:${port}`;
  return (x) => {
    if (x.scheme === 'https') return undefined;
    const query = x.query === undefined ? '' : `?${x.query}`;
    return { status: x.method === 'GET' || x.method === 'HEAD' ? 301 : 308, headers: ['Location', `https://${x.host}${suffix}${x.path}${query}`] };
  };
}

/** An address as a header carries it. A browser takes a backslash for a slash, and two of them for another host. */
function locationOf(uri: string, encodes: boolean): string {
  return uri.replace(encodes ? /[^!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]/gu : /[^!-[\]-~]/gu, encoded);
}

const encoded = (character: string): string => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
