import { createHmac } from 'node:crypto';
import { secretFor, type Planted } from './traces.js';

/** A request with a credential, right or wrong, somewhere in it. */
export interface Carrier {
  readonly title: string;
  /** Method and target. */
  readonly request: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly planted: readonly Planted[];
}

/** Requests to the routes of the planted file, in which credentials stand wherever its plugins look for them, and elsewhere. */
export function carriers(inFile: readonly Planted[]): Carrier[] {
  const known = (place: string): string => inFile.find((one) => one.place === place)?.secret ?? '';
  const key = known('key-auth credential.key');
  const password = known('basic-auth credential.password');
  const token = jwt(known('jwt-auth credential.secret'));
  const inUrl = encodeURIComponent;
  const basic = (secret: string): string => `Basic ${Buffer.from(`tom:${secret}`).toString('base64')}`;
  const wrong = secretFor('a wrong credential');
  const cookie = secretFor('a cookie');
  return [
    carrier('a key in a header', 'GET /keyed', { apikey: key }, key),
    carrier('a wrong key in a header', 'GET /keyed', { apikey: wrong }, wrong),
    carrier('a key in the query', `GET /keyed?a=1&apikey=${inUrl(key)}`, {}, key),
    carrier('a key in the query, in small letters', `GET /keyed?apikey=${inUrl(key).replaceAll('%2B', '%2b').replaceAll('%2F', '%2f')}`, {}, key),
    carrier('a key in a header of another name, hidden', 'GET /pinned', { 'x-pin': key }, key),
    carrier('a key in an argument of another name, hidden', `GET /pinned?pin=${inUrl(key)}&b=2`, {}, key),
    carrier('a wrong key in an argument of another name', `GET /pinned?pin=${inUrl(wrong)}`, {}, wrong),
    carrier('a password', 'GET /named', { Authorization: basic(password) }, password),
    carrier('a wrong password', 'GET /named', { Authorization: basic(wrong) }, wrong),
    carrier('a token in a header', 'GET /tokened', { Authorization: `Bearer ${token}` }, token),
    carrier('a token in a cookie', 'GET /tokened', { Cookie: `a=b; jwt=${token}` }, token),
    carrier('a token in the query', `GET /tokened?jwt=${token}`, {}, token),
    carrier('a signature', 'GET /signed', { Date: 'Mon, 01 Jan 2024 00:00:00 GMT', Authorization: `Signature keyId="tom",algorithm="hmac-sha256",headers="date",signature="${wrong}"` }, wrong),
    carrier('a password where a key does too', 'GET /any', { Authorization: basic(password) }, password),
    carrier('a token for a provider', 'GET /login', { Authorization: `Bearer ${wrong}` }, wrong),
    carrier('a cookie that nobody asks for', 'GET /keyed', { Cookie: `sid=${cookie}; theme=dark` }, cookie),
    carrier('a header for an authorization service', 'GET /asked', { Authorization: `Bearer ${wrong}`, Cookie: `sid=${cookie}` }, wrong, cookie),
    carrier('a key that nobody asks for', 'GET /counted?access_token=x', { 'X-Api-Key': wrong, 'Proxy-Authorization': basic(wrong) }, wrong),
    carrier('a password in the address', `GET http://tom:${inUrl(wrong)}@localhost/counted`, {}, wrong),
    { ...carrier('a password in a form', 'POST /counted', { 'Content-Type': 'application/x-www-form-urlencoded' }, wrong), body: `user=tom&password=${inUrl(wrong)}` },
    { ...carrier('a password in JSON', 'POST /counted', { 'Content-Type': 'application/json' }, wrong), body: JSON.stringify({ user: { password: wrong } }) },
  ];
}

function carrier(title: string, request: string, headers: Carrier['headers'], ...secrets: readonly string[]): Carrier {
  // of a signed token the rest is no more than a claim
  return { title, request, headers, planted: secrets.map((secret) => ({ place: title, secret: secret.slice(secret.lastIndexOf('.') + 1) })) };
}

function jwt(secret: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256' })}.${encode({ key: 'tom', jti: secretFor('a token') })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A file of cases that send all of these, and fail in all that can be told of them. */
export function failingCases(all: readonly Carrier[]): { readonly text: string; readonly planted: readonly Planted[] } {
  const expected = secretFor('a credential that is expected');
  const answered = secretFor('a credential that an upstream answers with');
  const wanted = { Authorization: `Bearer ${expected}`, 'X-Api-Key': { matches: `^${expected.slice(0, 16)}` } };
  const upstream = { path: `/elsewhere?apikey=${encodeURIComponent(expected)}`, headers: wanted, body: 'nothing', contains: 'nothing at all' };
  const cases = all.flatMap(({ request, headers, body }) => {
    const sent = { request, headers, ...(body !== undefined && { body }) };
    return [
      { ...sent, expect: { status: 299, route: false, consumer: 'nobody', headers: { 'Set-Cookie': `sid=${expected}` }, body: 'nothing', contains: 'nothing at all' } },
      { ...sent, expect: { upstream } },
      { ...sent, answer: { headers: { 'Set-Cookie': `sid=${answered}`, 'X-Auth': answered } }, expect: { headers: { 'Set-Cookie': 'none', 'X-Auth': 'none' } } },
    ];
  });
  const text = `requests:\n${cases.map((one) => `  - ${JSON.stringify(one)}\n`).join('')}`;
  return { text, planted: [{ place: 'an expected credential', secret: expected }, { place: 'an answered credential', secret: answered }] };
}
