// an OpenID provider on a free port of loopback, for the process that starts it: it prints its address
import { Provider } from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';
import http from 'node:http';

const [back, accessTokenTtl = '3600'] = process.argv.slice(2);
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...await exportJWK(privateKey), alg: 'RS256', use: 'sig', kid: 'k1' };
const server = http.createServer().listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = { client_secret: 'planted-client-secret', redirect_uris: [back], post_logout_redirect_uris: [new URL('/bye', back).href], grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], response_types: ['code'] };
const provider = new Provider(issuer, {
  clients: [{ client_id: 'gateway', ...client }, { client_id: 'poster', token_endpoint_auth_method: 'client_secret_post', ...client }, { ...client, client_id: 'public', client_secret: undefined, token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] }],
  jwks: { keys: [key] },
  cookies: { keys: ['of-the-test'] },
  scopes: ['openid', 'offline_access', 'profile', 'orders'],
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Name of ${id}` }) }),
  ttl: { AccessToken: Number(accessTokenTtl), ClientCredentials: 600, IdToken: 600, Session: 600, Grant: 600, Interaction: 600, RefreshToken: 600, AuthorizationCode: 60 },
  issueRefreshToken: async () => true,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => false,
      getResourceServerInfo: (_, indicator) => ({ scope: 'orders', audience: indicator, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
provider.on('server_error', (_, error) => console.error(error));
server.on('request', provider.callback());
console.log(issuer);
