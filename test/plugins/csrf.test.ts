import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { suite, test } from 'node:test';
import { behind, told, type Behind, type Outcome } from '../support/behind.js';
import { values } from '../support/message.js';

const KEY = 'Zq9-hush_XyW7';
const now = (): number => Math.trunc(Date.now() / 1000);

/** A token as Apache APISIX makes it, or spoilt. */
function tokenOf(key: string, madeAt: number | string = now(), change: object = {}): string {
  const random = 0.42986319716139;
  return Buffer.from(JSON.stringify({ random, sign: hash('sha256', `{expires:${madeAt},random:${random},key:${key}}`, 'hex'), expires: madeAt, ...change })).toString('base64');
}

const post = ({ send }: Behind, header: string | undefined, cookie: string | undefined, name = 'apisix-csrf-token'): Promise<Outcome> =>
  send('/', `${header === undefined ? '' : `${name}: ${header}\r\n`}${cookie === undefined ? '' : `Cookie: a=b; ${name}=${cookie}\r\n`}`, 'POST', 'x=1');

const refusal = (message: string): string => `{"error_msg":"${message}"}\n`;

suite('csrf', () => {
  test('gives every answer a cookie whose token lets a request through', async (t) => {
    const route = await behind(t, `{csrf: {key: ${KEY}}}`);
    const [cookie = ''] = values((await route.send()).answer, 'set-cookie');
    const [, token = '', expires = ''] = /^apisix-csrf-token=([A-Za-z0-9+/=]+);path=\/;SameSite=Lax;Expires=(.+)$/.exec(cookie) ?? [];
    assert.ok(Math.abs(Date.parse(expires) - Date.now() - 7_200_000) < 60_000);
    assert.equal((await post(route, token, token)).status, 200);
    assert.equal(values((await post(route, undefined, undefined)).answer, 'set-cookie').length, 1);
  });

  test('gives a cookie that lasts as long as its token does', async (t) => {
    for (const [seconds, ends] of [[0, ''], [9_999_999_999_999, ';Expires=Fri, 01 Jan 9999 00:00:00 GMT']] as const) {
      const { send } = await behind(t, `{csrf: {key: ${KEY}, expires: ${seconds}}}`);
      assert.equal(values((await send()).answer, 'set-cookie')[0]?.replace(/^[^;]*/, ''), `;path=/;SameSite=Lax${ends}`);
    }
  });

  test('lets GET, HEAD and OPTIONS through without one', async (t) => {
    const { send } = await behind(t, `{csrf: {key: ${KEY}}}`);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) assert.equal((await send('/', '', method)).status, 200, method);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PURGE']) assert.equal((await send('/', '', method)).status, 401, method);
  });

  test('takes tokens that Apache APISIX made with the same key', async (t) => {
    const route = await behind(t, '{csrf: {key: userkey, expires: 0}}');
    const token = 'eyJyYW5kb20iOjAuNDI5ODYzMTk3MTYxMzksInNpZ24iOiI0ODRlMDY4NTkxMWQ5NmJhMDc5YzQ1ZGI0OTE2NmZkYjQ0ODhjODVkNWQ0NmE1Y2FhM2UwMmFhZDliNjE5OTQ2IiwiZXhwaXJlcyI6MjY0MzExOTYyNH0=';
    assert.equal(Buffer.from(tokenOf('userkey', 2643119624)).toString(), token);
    assert.equal((await post(route, token, token)).status, 200);
  });

  test('says what is missing or differs', async (t) => {
    const route = await behind(t, `{csrf: {key: ${KEY}}}`);
    const token = tokenOf(KEY);
    const cases: [string | undefined, string | undefined, string][] = [
      [undefined, token, 'no csrf token in headers'], [token, undefined, 'no csrf cookie'], [token, tokenOf(KEY, now() - 1), 'csrf token mismatch'],
      [`${token}\r\napisix-csrf-token: ${token}`, token, 'csrf token mismatch'],
    ];
    for (const [header, cookie, message] of cases) {
      const { status, answer, seen } = await post(route, header, cookie);
      assert.deepEqual([status, answer.body, seen], [401, refusal(message), undefined]);
    }
  });

  test('takes no token that is signed with another key, has expired, was changed or is none', async (t) => {
    const route = await behind(t, `{csrf: {key: ${KEY}, expires: 60}}`);
    const spoilt = [tokenOf('other'), tokenOf(KEY, now() - 62), tokenOf(KEY, now(), { random: 0.5 }), tokenOf(KEY, now(), { sign: 1 }), tokenOf(KEY, now(), { sign: '' }), tokenOf(KEY, `${now()}`), 'nonsense', Buffer.from('null').toString('base64')];
    for (const token of spoilt) {
      const { status, answer } = await post(route, token, token);
      assert.deepEqual([status, answer.body], [401, refusal('Failed to verify the csrf token signature')], token);
    }
    assert.equal((await post(route, tokenOf(KEY, now() - 50), tokenOf(KEY, now() - 50))).status, 200);
  });

  test('names the cookie and the header as it is told to', async (t) => {
    const route = await behind(t, `{csrf: {key: ${KEY}, name: X-Csrf}}`);
    const token = tokenOf(KEY);
    assert.equal((await post(route, token, token, 'X-Csrf')).status, 200);
    assert.equal((await post(route, token, token)).status, 401);
  });

  test('refuses a file without a key or with a name that has a meaning of its own, and never shows the key', () => {
    assert.match(told('{csrf: {}}').join(), /^error/);
    for (const options of [`{key: ${KEY}, name: Cookie}`, `{key: ${KEY}, name: host}`, `{key: ${KEY}, name: a b}`, `{key: ${KEY}, expires: soon}`, `{key: [${KEY}]}`, `{keys: ${KEY}}`]) {
      const messages = told(`{csrf: ${options}}`).join('\n');
      assert.match(messages, /^error/, options);
      assert.ok(!messages.includes('hush'), messages);
    }
  });
});
