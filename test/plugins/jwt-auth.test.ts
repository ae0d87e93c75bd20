import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { suite, test } from 'node:test';
import { SignJWT, type JWTPayload } from 'jose';
import { PLUGINS } from '../../src/plugins/index.js';
import { plugin } from '../../src/plugins/plugin.js';
import { CLAIMS } from '../../src/plugins/common/claims.js';
import { ALGORITHMS } from '../../src/plugins/jwt-auth/verifier.js';
import { closing, startGateway } from '../support/gateway.js';
import { assertPassed, assertRefused, guarded, type Sent } from '../support/guarded.js';
import { statusOf, values } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { check } from '../config/check.js';

const MISSING = 'Missing JWT token in request';
const INVALID = 'JWT token invalid';
const KEYLESS = 'missing user key in JWT token';
const UNKNOWN = 'Invalid user key in JWT token';
const FAILED = 'failed to verify jwt';

const SECRET = '0f5cf2b2c9bd4b6bb0d5e3b4f8a9c7d6-0f5cf2b2c9bd4b6bb0d5e3b4f8a9c7d6';
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PAIRS: Readonly<Record<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>> = {
  RS: RSA, PS: RSA,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }), ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed: generateKeyPairSync('ed25519'),
};
const pairOf = (algorithm: string) => PAIRS[algorithm] ?? PAIRS[algorithm.slice(0, 2)];
const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** A consumer per algorithm, of its name. */
const CONSUMERS = `consumers:\n${ALGORITHMS.map((algorithm) => {
  const pair = pairOf(algorithm);
  return `  - username: ${algorithm}\n    plugins: ${JSON.stringify({ 'jwt-auth': { key: algorithm, algorithm, ...(pair ? { public_key: pemOf(pair.publicKey) } : { secret: SECRET }) } })}`;
}).join('\n')}
  - {username: guest}
  - username: patient
    plugins: {jwt-auth: {key: patient, secret: ${Buffer.from(SECRET).toString('base64')}, base64_secret: true, lifetime_grace_period: 60}}
`;

/** A token as another implementation makes it. */
async function signed(claims: JWTPayload, algorithm = 'HS256', header = {}): Promise<string> {
  const key = pairOf(algorithm)?.privateKey ?? Buffer.from(SECRET);
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT', ...header }).sign(key);
}

const encoded = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token made by hand, with an HMAC. */
function forged(header: unknown, claims: unknown, secret: string | Buffer = SECRET, hash = 'sha256'): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}

const bearer = (token: string): string => `Authorization: Bearer ${token}\r\n`;
const refused = (sent: Sent, message: string): void => assertRefused(sent, message, 'Bearer realm="jwt"');
const now = (): number => Math.floor(Date.now() / 1000);

suite('jwt-auth', () => {
  const scope = closing();

  for (const algorithm of ALGORITHMS) {
    test(`takes tokens signed by ${algorithm}, again and again, and none that was tampered with`, async (t) => {
      const { send } = await guarded(t, 'jwt-auth', '{}', CONSUMERS);
      const token = await signed({ key: algorithm }, algorithm);
      for (let i = 0; i < 3; i++) assertPassed(await send('/guarded', bearer(token)), algorithm);
      const [head = '', body = '', signature = ''] = token.split('.');
      const other = encoded({ key: algorithm, admin: true });
      const turned = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      for (const wrong of [`${head}.${other}.${signature}`, `${head}.${body}.${turned}`, `${head}.${body}.`, `${head}.${body}.AAAA`, `${head}.${body}.@@@@`, `${head}.${body}.${signature}=`, `${head}.${body}.${signature}AAAA`]) {
        refused(await send('/guarded', bearer(wrong)), FAILED);
      }
    });
  }

  test('takes the algorithm from the consumer alone, whatever a token says', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const pem = pemOf(RSA.publicKey);
    const der = RSA.publicKey.export({ type: 'spki', format: 'der' });
    for (const key of [pem, pem.trim(), der]) {
      refused(await send('/guarded', bearer(forged({ alg: 'HS256', typ: 'JWT' }, { key: 'RS256' }, key))), FAILED);
      refused(await send('/guarded', bearer(forged({ alg: 'RS256', typ: 'JWT' }, { key: 'RS256' }, key))), FAILED);
    }
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS255', 'hs256']) {
      const unsigned = `${encoded({ alg, typ: 'JWT' })}.${encoded({ key: 'HS256' })}.`;
      refused(await send('/guarded', bearer(unsigned)), FAILED);
      refused(await send('/guarded', bearer(forged({ alg, typ: 'JWT' }, { key: 'HS256' }))), FAILED);
    }
    // the right key, and another algorithm of its kind
    refused(await send('/guarded', bearer(await signed({ key: 'RS256' }, 'PS256'))), FAILED);
    refused(await send('/guarded', bearer(await signed({ key: 'RS256' }, 'RS512'))), FAILED);
    refused(await send('/guarded', bearer(await signed({ key: 'HS256' }, 'HS512'))), FAILED);
    refused(await send('/guarded', bearer(await signed({ key: 'ES256' }, 'ES384'))), FAILED);
  });

  test('takes no key from a token', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const evil = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = evil.publicKey.export({ format: 'jwk' });
    for (const header of [{ jwk }, { kid: '../../../../dev/null' }, { kid: "x' UNION SELECT 'a" }, { kid: '/proc/self/environ' }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/cert' }, { x5c: [pemOf(evil.publicKey)] }]) {
      const token = await new SignJWT({ key: 'RS256' }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...header } as never).sign(evil.privateKey);
      refused(await send('/guarded', bearer(token)), FAILED);
      for (const secret of ['', '\0', Buffer.alloc(1)]) refused(await send('/guarded', bearer(forged({ alg: 'HS256', typ: 'JWT', ...header }, { key: 'HS256' }, secret))), FAILED);
    }
    // a key id is nothing to go by, and no fault either
    assertPassed(await send('/guarded', bearer(await signed({ key: 'HS256' }, 'HS256', { kid: 'any' }))), 'HS256');
  });

  test('says of what is no token that it is invalid', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const good = forged({ alg: 'HS256', typ: 'JWT' }, { key: 'HS256' });
    const [head = '', body = '', signature = ''] = good.split('.');
    for (const token of ['', 'x', '.', '..', '...', 'a.b', 'a.b.c', `${good}.x`, `${head}.${body}`, `${head}=.${body}.${signature}`, `${head}.${body}=.${signature}`, ` ${good} x`, `${head}.${encoded('[]')}.x`, `${head}.${encoded('1')}.x`, `${head}.${encoded('null')}.x`, `${encoded('[]')}.${body}.x`, `${head}.${encoded('{"a":')}.x`]) {
      refused(await send('/guarded', bearer(token)), INVALID);
    }
    for (const header of [{}, { alg: 7 }, { alg: null }, { alg: ['HS256'] }, { alg: 'HS256', typ: 'JWE' }, { alg: 'HS256', typ: 'none' }, { alg: 'HS256', typ: 1 }, { alg: 'HS256', typ: 'at+jwt' }, { alg: 'HS256', crit: ['exp'] }, { alg: 'HS256', b64: false, crit: ['b64'] }]) {
      refused(await send('/guarded', bearer(forged(header, { key: 'HS256' }))), INVALID);
    }
    for (const header of [{ alg: 'HS256' }, { alg: 'HS256', typ: 'jwt' }]) assertPassed(await send('/guarded', bearer(forged(header, { key: 'HS256' }))), 'HS256');
    const notUtf8 = `${head}.${Buffer.from('{"key":"HS256","a":"\xff"}', 'latin1').toString('base64url')}`;
    refused(await send('/guarded', bearer(`${notUtf8}.${createHmac('sha256', SECRET).update(notUtf8).digest('base64url')}`)), INVALID);
  });

  test('refuses a token that is larger than any, though its signature is right, and one that goes very deep', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'HS256', pad: 'x'.repeat(15_000) }))), INVALID);
    refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, `{"key":${'['.repeat(5000)}${']'.repeat(5000)}}`))), UNKNOWN);
    assertPassed(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'HS256', pad: 'x'.repeat(9000) }))), 'HS256');
  });

  test('tells a token without a key from one with a key that nobody has', async () => {
    const { send, swap } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    for (const claims of [{}, { key: null }, { Key: 'HS256' }]) refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, claims))), KEYLESS);
    for (const key of ['', 'nobody', 'constructor', '__proto__', 7, true, ['HS256'], { key: 'HS256' }]) refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key }))), UNKNOWN);
    swap('{key_claim_name: iss}');
    assertPassed(await send('/guarded', bearer(await signed({ iss: 'HS256' }))), 'HS256');
    refused(await send('/guarded', bearer(await signed({ key: 'HS256' }))), KEYLESS);
    swap('{key_claim_name: constructor}');
    refused(await send('/guarded', bearer(await signed({ key: 'HS256' }))), KEYLESS);
  });

  test('holds a token to its times where it has them, give or take what the consumer allows', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const good = [{}, { exp: now() + 60 }, { nbf: now() - 60 }, { exp: now() + 60, nbf: now() - 60 }];
    const bad = [{ exp: now() - 1 }, { nbf: now() + 5 }, { exp: now() + 60, nbf: now() + 5 }, { exp: 0 }, { exp: -1 }, { exp: String(now() + 60) }, { exp: null }, { nbf: '0' }, { exp: [now() + 60] }];
    for (const times of good) assertPassed(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'HS256', ...times }))), 'HS256');
    for (const times of bad) refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'HS256', ...times }))), FAILED);
    for (const times of [{ exp: now() - 30 }, { nbf: now() + 30 }]) assertPassed(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'patient', ...times }))), 'patient');
    for (const times of [{ exp: now() - 61 }, { nbf: now() + 90 }]) refused(await send('/guarded', bearer(forged({ alg: 'HS256' }, { key: 'patient', ...times }))), FAILED);
  });

  test('asks for the claims that it is told to, and for no others', async () => {
    const { send, swap } = await guarded(scope, 'jwt-auth', '{claims_to_verify: [nbf]}', CONSUMERS);
    const of = (times: object): string => bearer(forged({ alg: 'HS256' }, { key: 'HS256', ...times }));
    refused(await send('/guarded', of({ exp: now() + 60 })), FAILED);
    refused(await send('/guarded', of({ nbf: now() + 60 })), FAILED);
    assertPassed(await send('/guarded', of({ nbf: now() - 1, exp: 1 })), 'HS256');
    swap('{claims_to_verify: [exp, nbf]}');
    refused(await send('/guarded', of({ nbf: now() - 1, exp: 1 })), FAILED);
    assertPassed(await send('/guarded', of({ nbf: now() - 1, exp: now() + 60 })), 'HS256');
    swap('{claims_to_verify: []}');
    refused(await send('/guarded', of({ exp: 1 })), FAILED);
    assertPassed(await send('/guarded', of({})), 'HS256');
  });

  test('looks into the header, else the query, else the cookie, by the names that it is told', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{header: X-Token, query: t, cookie: session}', CONSUMERS);
    const token = await signed({ key: 'HS256' });
    assertPassed(await send('/guarded', `x-token: ${token}\r\n`), 'HS256');
    assertPassed(await send('/guarded', `X-TOKEN: bearer ${token}\r\n`), 'HS256');
    assertPassed(await send(`/guarded?a=1&t=${token}`), 'HS256');
    assertPassed(await send('/guarded', `Cookie: a=1; session=${token}; b=2\r\n`), 'HS256');
    refused(await send('/guarded', bearer(token)), MISSING);
    refused(await send(`/guarded?jwt=${token}`, `Cookie: jwt=${token}\r\n`), MISSING);
    refused(await send(`/guarded?t=${token}`, 'X-Token: wrong\r\n'), INVALID);
    refused(await send('/guarded?t', `Cookie: session=${token}\r\n`), INVALID);
  });

  test('refuses a request that carries two tokens at one place', async () => {
    const { send } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const [one, two] = [await signed({ key: 'HS256' }), await signed({ key: 'RS256' }, 'RS256')];
    refused(await send('/guarded', bearer(one) + bearer(two)), INVALID);
    refused(await send('/guarded', bearer(one) + bearer(one)), INVALID);
    refused(await send(`/guarded?jwt=${one}&jwt=${two}`), INVALID);
    refused(await send('/guarded', `Cookie: jwt=${one}; jwt=${two}\r\n`), INVALID);
    refused(await send('/guarded', `Cookie: jwt=${one}\r\nCookie: jwt=${two}\r\n`), INVALID);
  });

  test('hides the token where it is told to, and leaves the other cookies and arguments as sent', async () => {
    const { send, swap } = await guarded(scope, 'jwt-auth', '{hide_credentials: true}', CONSUMERS);
    const token = await signed({ key: 'HS256' });
    const cookies = `Cookie: a="1"; jwt=${token}; b=2=3\r\nCookie: c=4\r\n`;
    assert.deepEqual(values(assertPassed(await send('/guarded', bearer(token)), 'HS256'), 'authorization'), []);
    assert.match(assertPassed(await send(`/guarded?b=2&jwt=${token}&a=%20`), 'HS256').start, /^GET \/guarded\?b=2&a=%20 /);
    assert.deepEqual(values(assertPassed(await send('/guarded', cookies), 'HS256'), 'cookie'), ['a="1"; b=2=3; c=4']);
    assert.deepEqual(values(assertPassed(await send('/guarded', `Cookie: jwt=${token}\r\n`), 'HS256'), 'cookie'), []);
    const thrice = assertPassed(await send(`/guarded?jwt=${token}`, bearer(token) + cookies), 'HS256');
    assert.ok(!JSON.stringify([thrice.start, thrice.headers]).includes(token));
    swap('{}');
    assert.deepEqual(values(assertPassed(await send('/guarded', `${bearer(token)}Cookie: jwt=${token}\r\n`), 'HS256'), 'cookie'), [`jwt=${token}`]);
  });

  test('counts requests without a valid token as the anonymous consumer, cleaned of what they tried', async () => {
    const { send, swap } = await guarded(scope, 'jwt-auth', '{anonymous_consumer: guest, hide_credentials: true}', CONSUMERS);
    assertPassed(await send('/guarded'), 'guest');
    const seen = assertPassed(await send('/guarded?jwt=x&a=1', `${bearer('wrong')}Cookie: jwt=y; z=1\r\n`), 'guest');
    assert.deepEqual([values(seen, 'authorization'), values(seen, 'cookie'), seen.start.split(' ')[1]], [[], ['z=1'], '/guarded?a=1']);
    assertPassed(await send('/guarded', bearer(await signed({ key: 'HS256' }))), 'HS256');
    swap('{anonymous_consumer: nobody}');
    refused(await send('/guarded'), 'Invalid user authorization');
  });

  test('forgets what it verified as soon as a key or an algorithm is another', async () => {
    const consumer = (conf: string): string => `consumers: [{username: tom, plugins: {jwt-auth: ${conf}}}]`;
    const { send, swap } = await guarded(scope, 'jwt-auth', '{}', consumer(`{key: HS256, secret: ${SECRET}}`));
    const token = await signed({ key: 'HS256' });
    for (let i = 0; i < 2; i++) assertPassed(await send('/guarded', bearer(token)), 'tom');
    swap('{}', consumer(`{key: HS256, secret: "${SECRET}x"}`));
    for (let i = 0; i < 2; i++) refused(await send('/guarded', bearer(token)), FAILED);
    swap('{}', consumer(`{key: HS256, secret: ${SECRET}, algorithm: HS512}`));
    refused(await send('/guarded', bearer(token)), FAILED);
    swap('{}', consumer(`{key: other, secret: ${SECRET}}`));
    refused(await send('/guarded', bearer(token)), UNKNOWN);
    swap('{key_claim_name: sub}', consumer(`{key: HS256, secret: ${SECRET}}`));
    refused(await send('/guarded', bearer(token)), KEYLESS);
    swap('{}', consumer(`{key: HS256, secret: ${SECRET}}`).replace('tom', 'ann'));
    assertPassed(await send('/guarded', bearer(token)), 'ann');
  });

  test('remembers no token for longer than it is valid', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const { send } = await guarded(t, 'jwt-auth', '{}', CONSUMERS);
    const token = bearer(await signed({ key: 'HS256', exp: now() + 60 }));
    for (let i = 0; i < 2; i++) assertPassed(await send('/guarded', token), 'HS256');
    t.mock.timers.tick(59_000);
    assertPassed(await send('/guarded', token), 'HS256');
    t.mock.timers.tick(1000);
    for (let i = 0; i < 2; i++) refused(await send('/guarded', token), FAILED);
  });

  test('lets other plugins read the claims where it is told to, and nowhere else', async (t) => {
    const reader = plugin({ name: 'reader', priority: 1, schema: { type: 'object' } as const, compile: () => ({ access: (x) => ({ status: 200, body: { claims: x.notes.get(CLAIMS) } }) }) });
    const route = (id: string, conf: string): string => `{id: ${id}, uri: /${id}, plugins: {jwt-auth: ${conf}, reader: {}}, upstream: {nodes: {"127.0.0.1:1": 1}}}`;
    const { port } = await startGateway(t, `routes: [${route('stores', '{store_in_ctx: true}')}, ${route('keeps', '{}')}]\n${CONSUMERS}`, [...PLUGINS, reader]);
    const token = bearer(await signed({ key: 'HS256', scope: 'all' }));
    for (let i = 0; i < 2; i++) assert.equal((await ask(port, get('/stores', token)))?.body, '{"claims":{"key":"HS256","scope":"all"}}\n');
    assert.equal((await ask(port, get('/keeps', token)))?.body, '{}\n');
  });

  test('answers a WebSocket handshake without a token as any other request', async () => {
    const { sendRaw } = await guarded(scope, 'jwt-auth', '{}', CONSUMERS);
    const { answer } = await sendRaw('GET /guarded HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    assert.equal(statusOf(answer), 401);
  });

  test('takes keys that are of the kind and on the curve of their algorithm, and no others', () => {
    const told = (conf: object): string => check(`consumers: [{username: tom, plugins: ${JSON.stringify({ 'jwt-auth': { key: 'k', ...conf } })}}]\nroutes: []`).filter(({ code }) => code === 'plugin-rejected').map(({ severity, message }) => `${severity}: ${message}`).join('\n');
    const pem = (name: string): string => pemOf((pairOf(name) ?? RSA).publicKey);
    for (const algorithm of ['RS256', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']) assert.equal(told({ algorithm, public_key: pem(algorithm) }), '');
    assert.match(told({ algorithm: 'RS256', public_key: pem('ES256') }), /^error: RS256 takes a key of another kind than `ec`/);
    assert.match(told({ algorithm: 'ES256', public_key: pem('RS') }), /^error: ES256 takes a key of another kind than `rsa`/);
    assert.match(told({ algorithm: 'EdDSA', public_key: pem('ES256') }), /^error: EdDSA/);
    assert.match(told({ algorithm: 'ES384', public_key: pem('ES256') }), /^error: ES384 takes a key on the curve `secp384r1`/);
    assert.match(told({ algorithm: 'RS256', public_key: 'nonsense' }), /^error: this is no public key/);
    assert.match(told({ algorithm: 'RS256', secret: SECRET }), /^error: RS256 needs `public_key`/);
    assert.match(told({ public_key: pem('RS') }), /^error: HS256 needs `secret`/);
    assert.match(told({ secret: '{^c0j4&]2!=J=', base64_secret: true }), /^error: this is not base64/);
    assert.match(told({ algorithm: 'RS256', public_key: pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey) }), /^warning: an RSA key of 1024 bits/);
    assert.match(told({ algorithm: 'RS256', public_key: RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }), /^warning: this is a private key/);
    assert.match(told({ secret: SECRET, private_key: 'x' }), /^warning: a gateway verifies/);
  });
});
