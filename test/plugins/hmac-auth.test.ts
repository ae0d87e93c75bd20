import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { suite, test } from 'node:test';
import { closing } from '../support/gateway.js';
import { assertPassed, assertRefused, guarded, type Sent } from '../support/guarded.js';
import { statusOf, values } from '../support/message.js';

const SECRET = '2a7be0c7a1f04f0f8a8f3d0f';
const CONSUMERS = `
consumers:
  - {username: tom, plugins: {hmac-auth: {key_id: tom-2026, secret_key: ${SECRET}}}}
  - {username: ann, plugins: {hmac-auth: {key_id: ann-2026, secret_key: "schlüssel-${SECRET}"}}}
  - {username: guest}
`;
const INVALID = "client request can't be validated";
const refused = (sent: Sent, more = '', realm = 'hmac'): void => assertRefused(sent, `${INVALID}${more}`, `hmac realm="${realm}"`);

/** What a client signs, and how. */
interface Signing {
  readonly keyId?: string;
  readonly secret?: string;
  readonly algorithm?: string;
  readonly method?: string;
  readonly target?: string;
  readonly date?: Date | string;
  /** Headers that it sends besides Date, by the names that it signs them under. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of what is signed, in place of all that is sent. */
  readonly names?: readonly string[];
}

/** The headers of a signed request. */
function signed({ keyId = 'tom-2026', secret = SECRET, algorithm = 'hmac-sha256', method = 'GET', target = '/guarded', date = new Date(), headers = {}, names }: Signing = {}): string {
  const sent: Record<string, string> = { date: typeof date === 'string' ? date : date.toUTCString(), ...headers };
  const listed = names ?? ['@request-target', ...Object.keys(sent)];
  const lines = listed.flatMap((name) => (name === '@request-target' ? [`${method} ${target}`] : sent[name] === undefined ? [] : [`${name}: ${sent[name]}`]));
  const signature = createHmac(algorithm.replace('hmac-', ''), secret).update(`${[keyId, ...lines].join('\n')}\n`).digest('base64');
  return `${Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`).join('')}Authorization: Signature keyId="${keyId}",algorithm="${algorithm}",headers="${listed.join(' ')}",signature="${signature}"\r\n`;
}

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

suite('hmac-auth', () => {
  const scope = closing();

  test('lets a signed request through, by each algorithm, with its query and its headers', async () => {
    const { send } = await guarded(scope, 'hmac-auth', '{}', CONSUMERS);
    for (const algorithm of ['hmac-sha1', 'hmac-sha256', 'hmac-sha512']) assertPassed(await send('/guarded', signed({ algorithm })), 'tom');
    assertPassed(await send('/guarded/a?b=1&c=%20', signed({ target: '/guarded/a?b=1&c=%20', headers: { 'X-Custom-A': 'asld$%dfasf', 'x-custom-b': '2' } })), 'tom');
    assertPassed(await send('/guarded', signed({ keyId: 'ann-2026', secret: `schlüssel-${SECRET}` })), 'ann');
    assertPassed(await send('/guarded', signed({ names: ['date', 'x-not-there'] })), 'tom');
  });

  test('says what is missing, and of everything else only that it is not valid', async () => {
    const { send } = await guarded(scope, 'hmac-auth', '{realm: inner}', CONSUMERS);
    refused(await send('/guarded'), ': missing Authorization header', 'inner');
    refused(await send('/guarded', 'Authorization: Basic YTpi\r\n'), ": Authorization header does not start with 'Signature'", 'inner');
    const good = signed();
    for (const wrong of [
      signed({ keyId: 'nobody' }), signed({ secret: 'other' }), signed({ keyId: 'ann-2026' }), signed({ target: '/guarded/other' }), signed({ method: 'POST' }),
      good.replace(/,algorithm="[^"]*"/, ''), good.replace('hmac-sha256', 'hmac-sha512'), good.replace('hmac-sha256', 'hmac-md5'), good.replace('hmac-sha256', 'constructor'),
      good.replace(/signature="[^"]*"/, 'signature=""'), good.replace(/signature="[^"]*"/, 'signature="asdf"'), good.replace(/,signature="[^"]*"/, ''), good.replace(/keyId="[^"]*",/, ''),
      good.replace(/headers="[^"]*",/, ''), good.replace(/^date: .*\r\n/, ''), 'Authorization: Signature\r\n',
    ]) refused(await send('/guarded', wrong), '', 'inner');
  });

  test('takes a date that is off by a few seconds, and none that is old, or early, or no date', async () => {
    const { send } = await guarded(scope, 'hmac-auth', '{clock_skew: 60}', CONSUMERS);
    for (const seconds of [0, 50, -50]) assertPassed(await send('/guarded', signed({ date: ago(seconds) })), 'tom');
    for (const seconds of [70, -70, 1e8]) refused(await send('/guarded', signed({ date: ago(seconds) })));
    for (const date of ['', 'now', new Date().toISOString(), String(Date.now()), new Date().toUTCString().replace('GMT', 'PST'), `${new Date().toUTCString()} `.repeat(2).trim()]) refused(await send('/guarded', signed({ date })));
  });

  test('asks for what must be signed', async () => {
    const { send } = await guarded(scope, 'hmac-auth', '{signed_headers: [date, "@request-target", X-A], allowed_algorithms: [hmac-sha512]}', CONSUMERS);
    const algorithm = 'hmac-sha512';
    assertPassed(await send('/guarded', signed({ algorithm, headers: { 'x-a': '1' } })), 'tom');
    refused(await send('/guarded', signed({ algorithm, headers: { 'x-a': '1' }, names: ['@request-target', 'date'] })));
    refused(await send('/guarded', signed({ algorithm, headers: { 'x-a': '1' }, names: ['x-a', 'date'] })));
    refused(await send('/guarded', signed({ headers: { 'x-a': '1' } })));
  });

  test('notices a signed header that was changed, taken away, or sent a second time', async () => {
    const { send } = await guarded(scope, 'hmac-auth', '{}', CONSUMERS);
    const good = signed({ headers: { 'x-a': '1' } });
    refused(await send('/guarded', good.replace('x-a: 1', 'x-a: 2')));
    refused(await send('/guarded', good.replace('x-a: 1\r\n', '')));
    refused(await send('/guarded', `${good}X-A: 2\r\n`));
    refused(await send('/guarded', `X-A: 2\r\n${good}`));
    refused(await send('/guarded', `${good}X_A: 2\r\n`));
    refused(await send('/guarded', `${good}Date: ${ago(0).toUTCString()}\r\n`));
    refused(await send('/guarded', good + signed()));
    refused(await send('/guarded', good.replace('keyId=', 'keyId="x",keyId=')));
    refused(await send('/guarded', good.replace('signature=', 'signature="AAAA",signature=')));
  });

  test('holds the body against its digest where it is told to, and passes it on', async () => {
    const { sendRaw } = await guarded(scope, 'hmac-auth', '{validate_request_body: true, signed_headers: [date, digest], max_req_body_size: 100}', CONSUMERS);
    const digestOf = (body: string): string => `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
    const post = (body: string, digest: string): string => `POST /guarded HTTP/1.1\r\nHost: a\r\n${signed({ method: 'POST', headers: { digest } })}Content-Length: ${body.length}\r\n\r\n${body}`;
    assert.equal(assertPassed(await sendRaw(post('{"a":1}', digestOf('{"a":1}'))), 'tom').body, '{"a":1}');
    refused(await sendRaw(post('{"a":2}', digestOf('{"a":1}'))));
    refused(await sendRaw(post('{"a":1}', digestOf('{"a":1}').replace('SHA-256', 'SHA-512'))));
    refused(await sendRaw(`POST /guarded HTTP/1.1\r\nHost: a\r\n${signed({ method: 'POST' })}Content-Length: 1\r\n\r\nx`));
    assertPassed(await sendRaw(`GET /guarded HTTP/1.1\r\nHost: a\r\n${signed({ headers: { digest: digestOf('') } })}\r\n`), 'tom');
    const large = await sendRaw(post('x'.repeat(101), digestOf('x'.repeat(101))));
    assert.deepEqual([statusOf(large.answer), large.seen], [413, undefined]);
  });

  test('hides the signature where it is told to', async () => {
    const { send, swap } = await guarded(scope, 'hmac-auth', '{}', CONSUMERS);
    assert.equal(values(assertPassed(await send('/guarded', signed()), 'tom'), 'authorization').length, 1);
    swap('{hide_credentials: true}');
    assert.deepEqual(values(assertPassed(await send('/guarded', signed()), 'tom'), 'authorization'), []);
  });

  test('counts requests without a valid signature as the anonymous consumer, if there is one', async () => {
    const { send, swap } = await guarded(scope, 'hmac-auth', '{anonymous_consumer: guest}', CONSUMERS);
    assertPassed(await send('/guarded'), 'guest');
    assertPassed(await send('/guarded', signed({ secret: 'other' })), 'guest');
    assertPassed(await send('/guarded', signed()), 'tom');
    swap('{anonymous_consumer: nobody}');
    assertRefused(await send('/guarded'), 'Invalid user authorization', 'hmac realm="hmac"');
  });
});
