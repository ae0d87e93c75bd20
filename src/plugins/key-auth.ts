import { hash } from 'node:crypto';
import { authPlugin, type Credential, type CredentialKey, type Exchange } from './plugin.js';
import { anonymousConsumer, credentialHeader, headerName, hideCredentials, realm, refuseOrAttach } from './common/authentication.js';

const sha256 = { type: 'string', pattern: '^[0-9a-fA-F]{64}$' } as const;

/** Recognises a consumer by an API key in a header or a query argument, as Apache APISIX's plugin of this name does. */
export const keyAuth = authPlugin({
  name: 'key-auth',
  priority: 2500,
  schema: {
    description: 'Requires an API key.',
    type: 'object',
    properties: {
      header: { description: 'The header that carries the key; looked at first.', ...headerName, default: 'apikey' },
      query: { description: 'The query argument that carries the key, when the header is not there.', type: 'string', minLength: 1, default: 'apikey' },
      hide_credentials: hideCredentials,
      realm: realm('key'),
      anonymous_consumer: anonymousConsumer,
    },
    additionalProperties: false,
  },
  credentialSchema: {
    description: 'A consumer\'s API keys.',
    type: 'object',
    properties: {
      key: { description: 'The key; `$env://NAME` takes it from an environment variable.', examples: ['$env://TOM_KEY'], type: 'string', minLength: 1, 'x-secret': true },
      keys: { description: 'Several keys, for rotation.', examples: [['$env://TOM_KEY', '$env://TOM_OLD_KEY']], type: 'array', items: { type: 'string', minLength: 1, 'x-secret': true }, minItems: 1 },
      key_sha256: { description: 'The SHA-256 of a key in hex, or several, so that the file holds no key. `gateway hash-key` makes it.', examples: ['85dbe15d75ef9308c7ae0f33c7a324cc6f4bf519a2ed2f3027bd33c140a4f9aa'], type: ['string', 'array'], pattern: sha256.pattern, items: sha256, minItems: 1 },
    },
    anyOf: [{ required: ['key'] }, { required: ['keys'] }, { required: ['key_sha256'] }],
    additionalProperties: false,
  },

  credentialKeys({ key, keys, key_sha256: hashed }): CredentialKey[] {
    const hashes = typeof hashed === 'string' ? [{ path: ['key_sha256'], key: hashed.toLowerCase() }] : (hashed ?? []).map((h, i) => ({ path: ['key_sha256', i], key: h.toLowerCase() }));
    return [
      ...(key === undefined ? [] : [{ path: ['key'], key: digest(key), doubt: doubtOf(key) }]),
      ...(keys ?? []).map((k, i) => ({ path: ['keys', i], key: digest(k), doubt: doubtOf(k) })),
      ...hashes,
    ];
  },

  compile(options, binding) {
    const { query, hide_credentials: hide, anonymous_consumer: anonymous } = options;
    // of thousands of routes none keeps its binding
    const { credentials } = binding;
    const challenge = `apikey realm="${options.realm}"`;
    const header = credentialHeader(options.header, binding);
    const refuse = refuseOrAttach(anonymous, challenge, binding, (x) => {
      if (!hide) return;
      x.removeHeader(header);
      x.removeArgument(query);
    });

    return {
      rewrite(x) {
        const inHeader = x.headerValues(header);
        const sent = inHeader.length > 0 ? inHeader : x.argumentValues(query);
        if (sent.length === 0) return refuse(x, 'Missing API key in request');
        const credential = lookUp(sent, credentials, inHeader.length > 0);
        if (!credential) return refuse(x, 'Invalid API key in request');
        if (hide) hideKey(x, header, query, sent[0]);
        x.attach(credential);
        return undefined;
      },
    };
  },
});

/** Hides the key wherever it was sent; what else stands in the other place is no secret of ours, and stays as in APISIX. */
function hideKey(x: Exchange, header: string, query: string, key: string | true | undefined): void {
  if (x.headerValues(header).some((value) => value === key)) x.removeHeader(header);
  if (x.argumentValues(query).some((value) => value === key)) x.removeArgument(query);
}

/** The credential of what was sent. Of two different keys none counts, and as in APISIX a repeated argument never does. */
function lookUp([key, ...more]: readonly (string | true)[], credentials: ReadonlyMap<string, Credential>, repeatable: boolean): Credential | undefined {
  if (typeof key !== 'string' || more.some((other) => !repeatable || other !== key)) return undefined;
  return credentials.get(digest(key));
}

/** Why no header carries a key as it is: there it loses the space around it, and holds no line breaks; beyond ASCII clients encode it as they like. */
function doubtOf(key: string): string | undefined {
  if (key.trim() !== key) return 'starts or ends with a space or a line break, which a header loses';
  return /[^\t\x20-\x7e]/.test(key) ? 'has a character that headers do not carry as it is' : undefined;
}

/** The look-up key: a digest, so that no comparison takes longer for a key that is nearly right. */
function digest(key: string): string {
  return hash('sha256', key, 'hex');
}
