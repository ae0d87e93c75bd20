import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { suite, test } from 'node:test';
import { told } from '../../support/behind.js';
import { closing } from '../../support/gateway.js';
import { claimsSeen, guarded, headerSeen } from './support.js';

const get = (url: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}/x`, { headers });
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

suite('openid-connect with access tokens', { concurrency: false }, () => {
  const scope = closing();
  const ready = guarded(scope, 'bearer_only: true');

  test('asks the provider about a token, and tells the upstream what it says', async () => {
    const { url, provider, upstream, configure } = await ready;
    configure('bearer_only: true, realm: shop');
    const none = await get(url);
    assert.deepEqual([none.status, none.headers.get('www-authenticate')], [401, 'Bearer realm="shop"']);
    const wrong = await get(url, bearer('made-up'));
    assert.equal(wrong.status, 401);
    assert.match(wrong.headers.get('www-authenticate') ?? '', /^Bearer realm="shop", error="invalid_token"/);
    const token = await provider.token();
    const good = await get(url, { ...bearer(token), 'x-userinfo': 'forged', 'x-id-token': 'forged', 'x-refresh-token': 'forged' });
    assert.equal(good.status, 200);
    assert.equal(headerSeen(upstream, 'x-access-token'), token);
    assert.equal(claimsSeen(upstream, 'x-userinfo')?.['client_id'], 'gateway');
    assert.deepEqual([headerSeen(upstream, 'x-id-token'), headerSeen(upstream, 'x-refresh-token')], [undefined, undefined]);
  });

  test('refuses two tokens that differ, and one that lacks a scope', async () => {
    const { url, provider, configure } = await ready;
    configure('bearer_only: true, required_scopes: [orders]');
    const token = await provider.token();
    assert.equal((await get(url, { ...bearer(token), 'x-access-token': 'other' })).status, 401);
    assert.equal((await get(url, bearer(token))).status, 200);
    configure('bearer_only: true, required_scopes: [orders, admin]');
    const refused = await get(url, bearer(token));
    assert.deepEqual([refused.status, await refused.json()], [403, { error: 'required scopes orders, admin not present' }]);
  });

  test('checks a signed token by the keys that the provider publishes, and whom it is for', async () => {
    const { url, provider, configure } = await ready;
    configure('bearer_only: true, use_jwks: true, access_token_in_authorization_header: true');
    const token = await provider.token('https://orders.example');
    assert.equal((await get(url, bearer(token))).status, 200);
    const [head, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'root', iss: provider.issuer, exp: 9e9 })).toString('base64url');
    for (const bad of [`${head}.${forged}.${signature}`, `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged}.`, await provider.token()]) assert.equal((await get(url, bearer(bad))).status, 401);
    configure('bearer_only: true, use_jwks: true, claim_validator: {audience: {match_with_client_id: true}}');
    assert.deepEqual(await (await get(url, bearer(token))).json(), { error: 'mismatched audience' });
    configure('bearer_only: true, use_jwks: true, claim_validator: {issuer: {valid_issuers: ["https://other.example"]}}');
    assert.equal((await get(url, bearer(token))).status, 401);
  });

  test('checks a signed token by a key that is given, whose text is no shared secret', async () => {
    const { url, configure } = await ready;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    configure(`bearer_only: true, public_key: ${JSON.stringify(pem)}, claim_validator: {issuer: {valid_issuers: [me]}}, iat_slack: 10`);
    const now = Math.floor(Date.now() / 1000);
    const signed = (claims: object, alg = 'RS256', key: typeof privateKey | Uint8Array = privateKey): Promise<string> => new SignJWT({ iss: 'me', ...claims }).setProtectedHeader({ alg }).sign(key);
    assert.equal((await get(url, bearer(await signed({ exp: now + 60 })))).status, 200);
    assert.equal((await get(url, bearer(await signed({ exp: now - 5 })))).status, 200, 'clocks may differ');
    for (const bad of [signed({ exp: now - 60 }), signed({}), signed({ exp: now + 60, nbf: now + 60 }), signed({ exp: now + 60, iss: 'you' }), signed({ exp: now + 60 }, 'HS256', Buffer.from(pem))]) {
      assert.equal((await get(url, bearer(await bad))).status, 401);
    }
  });

  test('lets nobody in while the provider is lost, and keeps nobody waiting', async () => {
    const { url, provider, configure } = await ready;
    const token = await provider.token();
    configure('bearer_only: true, timeout: 1, scope: "openid orders"');
    provider.stop();
    const started = performance.now();
    assert.equal((await get(url, bearer(token))).status, 401);
    assert.ok(performance.now() - started < 4000);
    configure('timeout: 1, session: {secret: planted-session-secret}');
    assert.equal((await fetch(`${url}/x`, { redirect: 'manual' })).status, 500);
  });
});

test('openid-connect refuses what cannot work, and quotes no secret', () => {
  const of = (options: string): string[] => told(`{openid-connect: {client_id: a, discovery: "https://a.example/.well-known/openid-configuration", ${options}}}`);
  assert.deepEqual(of('client_secret: planted'), ['error: a login needs `session.secret`, unless `bearer_only` is true']);
  assert.deepEqual(of('bearer_only: true'), ['error: to ask the provider about a token takes `client_secret`; without, `use_jwks: true` or `public_key` says how tokens are judged']);
  assert.deepEqual(of('bearer_only: true, use_jwks: true'), []);
  assert.deepEqual(of('session: {secret: planted-session-secret}, use_pkce: true'), []);
  assert.deepEqual(of('session: {secret: planted-session-secret}'), ['error: a login needs `client_secret`, or `use_pkce: true` for a public client']);
  assert.deepEqual(of('bearer_only: true, public_key: nonsense'), ['error: this is no public key in PEM (`-----BEGIN PUBLIC KEY-----`)']);
  assert.match(of('client_secret: planted, session: {secret: short}').join(), /session\.secret/);
  assert.match(of('bearer_only: true, use_jwks: true, token_signing_alg_values_expected: HS256').join(), /token_signing_alg_values_expected/);
});
