import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Closing } from '../../support/gateway.js';

/** A provider that lets everybody in, and may be told to lie. */
export interface FakeProvider {
  readonly discovery: string;
  /** Refresh tokens that came, each good for once. */
  readonly renewals: string[];
  /** Whether its ID tokens have the signature of another. */
  forges: boolean;
  /** Seconds that its access tokens are good for. */
  seconds: number;
}

/** Starts one. */
export async function startFakeProvider(t: Closing): Promise<FakeProvider> {
  const [own, another] = [keys(), keys()];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = { discovery: `${issuer}/.well-known/openid-configuration`, renewals: [] as string[], forges: false, seconds: 600 };
  let count = 0;
  const tokens = (form: URLSearchParams): object => {
    const [refresh, now] = [form.get('refresh_token'), Math.floor(Date.now() / 1000)];
    if (refresh !== null && provider.renewals.includes(refresh)) return { error: 'invalid_grant' };
    if (refresh !== null) provider.renewals.push(refresh);
    const claims = { iss: issuer, aud: 'gateway', sub: 'ann', iat: now, exp: now + 600 };
    return { access_token: `access-${++count}`, refresh_token: `refresh-${count}`, token_type: 'Bearer', expires_in: provider.seconds, id_token: signed(claims, (provider.forges ? another : own).privateKey) };
  };
  server.on('request', async (req, res) => {
    let body = '';
    for await (const chunk of req) body += String(chunk);
    const answer = req.url === '/jwks' ? { keys: [{ ...own.publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'k' }] } : req.url === '/token' ? tokens(new URLSearchParams(body))
      : { issuer, authorization_endpoint: `${issuer}/login`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, id_token_signing_alg_values_supported: ['RS256'] };
    res.writeHead('error' in answer ? 400 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  return provider;
}

const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

function signed(claims: object, key: ReturnType<typeof keys>['privateKey']): string {
  const text = [{ alg: 'RS256', kid: 'k' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
