import { authPlugin, type CredentialKey } from './plugin.js';
import { anonymousConsumer, hideCredentials, realm, refuseOrAttach } from './common/authentication.js';
import { digest, isEqual } from './common/digest.js';

/** Recognises a consumer by a name and a password (RFC 7617), as Apache APISIX's plugin of this name does. */
export const basicAuth = authPlugin({
  name: 'basic-auth',
  priority: 2520,
  schema: {
    description: 'Requires a name and a password.',
    type: 'object',
    properties: { hide_credentials: hideCredentials, realm: realm('basic'), anonymous_consumer: anonymousConsumer },
    additionalProperties: false,
  },
  credentialSchema: {
    description: 'A consumer\'s name and password.',
    type: 'object',
    properties: {
      username: { description: 'The name that the client sends; it need not be the consumer\'s own.', examples: ['tom'], type: 'string', minLength: 1 },
      password: { description: 'The password; `$env://NAME` takes it from an environment variable.', examples: ['$env://TOM_PASSWORD'], type: 'string', minLength: 1, 'x-secret': true },
    },
    required: ['username', 'password'],
    additionalProperties: false,
  },

  credentialKeys({ username }): CredentialKey[] {
    return [{ path: ['username'], key: compared(username), doubt: username.includes(':') ? 'has a colon, at which the name ends' : undefined }];
  },

  prepare({ username, password }, reject) {
    if (compared(username) === '') reject(['username'], 'this is nothing but space, which does not count');
    if (compared(password) === '') reject(['password'], 'this is nothing but space, which does not count');
    return digest(compared(password));
  },

  compile({ hide_credentials: hide, realm: name, anonymous_consumer: anonymous }, binding) {
    const { credentials } = binding;
    const challenge = `Basic realm="${name}"`;
    const refuse = refuseOrAttach(anonymous, challenge, binding, (x) => void (hide && x.removeHeader('authorization')));

    return {
      rewrite(x) {
        const [sent, ...more] = x.headerValues('authorization');
        if (sent === undefined) return refuse(x, 'Missing authorization in request');
        // of two none counts: a server behind may read the other
        const login = more.length === 0 ? loginIn(sent) : undefined;
        if (!login) return refuse(x, 'Invalid authorization in request');
        const credential = credentials.get(login.username);
        // compared with something for a name that nobody has, too: it must not take less time
        const isRight = isEqual(digest(login.password), credential?.data ?? NOBODYS);
        if (!credential || !isRight) return refuse(x, 'Invalid user authorization');
        if (hide) x.removeHeader('authorization');
        x.attach(credential);
        return undefined;
      },
    };
  },
});

/** A digest that no password has. */
const NOBODYS = Buffer.alloc(32);

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Undefined for another scheme, for what is no base64, and without a colon. A password may have colons (RFC 7617, section 2). */
function loginIn(authorization: string): Login | undefined {
  const [, base64 = ''] = /^basic[ \t]([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  const pair = withoutSpace(Buffer.from(base64, 'base64').toString('latin1'));
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** What is compared of a configured text: its bytes, each a character, without space. */
function compared(text: string): string {
  return withoutSpace(Buffer.from(text).toString('latin1'));
}

/** As in APISIX space does not count, such as the line break that `echo … | base64` takes in. */
function withoutSpace(text: string): string {
  return text.replace(/[\t-\r ]+/g, '');
}
