import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { suite, test, type TestContext } from 'node:test';
import { assertPassed, assertRefused, guarded as startGuarded, type Sent } from '../support/guarded.js';
import { statusOf, values } from '../support/message.js';

const CONSUMERS = `
consumers:
  - username: tom
    plugins: {key-auth: {key: tom-key}}
  - username: ann
    labels: {custom_id: "42"}
    plugins: {key-auth: {keys: [ann-one, ann-two]}}
  - username: eve
    plugins: {key-auth: {key_sha256: ${hash('sha256', 'eve-key').toUpperCase()}}}
  - username: guest
  - id: ann/credentials/phone
    plugins: {key-auth: {key: ann-phone}}
`;

async function guarded(t: TestContext, options = '{}', consumers = CONSUMERS) {
  const { send } = await startGuarded(t, 'key-auth', options, consumers);
  return send;
}

const MISSING = 'Missing API key in request';
const INVALID = 'Invalid API key in request';

const refused = (sent: Sent, message: string, challenge = 'apikey realm="key"'): void => assertRefused(sent, message, challenge);
const passed = assertPassed;

suite('key-auth', () => {
  test('refuses a request without a key, and one with an unknown key', async (t) => {
    const send = await guarded(t);
    refused(await send('/guarded'), MISSING);
    refused(await send('/guarded', 'apikey: nobody\r\n'), INVALID);
    refused(await send('/guarded?apikey=nobody'), INVALID);
  });

  test('says invalid, not missing, of an empty header, an empty argument and one without a value', async (t) => {
    const send = await guarded(t);
    refused(await send('/guarded', 'apikey:\r\n'), INVALID);
    refused(await send('/guarded?apikey='), INVALID);
    refused(await send('/guarded?apikey'), INVALID);
  });

  test('refuses every key when no consumer has one', async (t) => {
    const send = await guarded(t, '{}', '');
    refused(await send('/guarded', 'apikey: tom-key\r\n'), INVALID);
  });

  test('lets a key through from the header, whatever its case, and from the query', async (t) => {
    const send = await guarded(t);
    passed(await send('/guarded', 'apikey: tom-key\r\n'), 'tom');
    passed(await send('/guarded', 'ApiKey: tom-key\r\n'), 'tom');
    passed(await send('/guarded?a=1&apikey=tom-key'), 'tom');
    passed(await send('/guarded?api%6bey=tom%2Dkey'), 'tom');
  });

  test('compares keys exactly', async (t) => {
    const send = await guarded(t);
    for (const key of ['Tom-key', 'tom-ke', 'tom-key2', 'tom-key,', '"tom-key"']) refused(await send('/guarded', `apikey: ${key}\r\n`), INVALID);
  });

  test('looks at the header first: a wrong header is not rescued by a right argument, nor a right one spoilt', async (t) => {
    const send = await guarded(t);
    refused(await send('/guarded?apikey=tom-key', 'apikey: nobody\r\n'), INVALID);
    passed(await send('/guarded?apikey=nobody', 'apikey: tom-key\r\n'), 'tom');
  });

  test('refuses two different keys in two headers, and an argument that stands twice', async (t) => {
    const send = await guarded(t);
    refused(await send('/guarded', 'apikey: tom-key\r\nAPIKEY: nobody\r\n'), INVALID);
    refused(await send('/guarded', 'apikey: tom-key\r\napikey: ann-one\r\n'), INVALID);
    refused(await send('/guarded?apikey=tom-key&apikey=tom-key'), INVALID);
    passed(await send('/guarded', 'apikey: tom-key\r\napikey: tom-key\r\n'), 'tom');
  });

  test('knows several keys of a consumer, hashed keys, and credentials with an id of their own', async (t) => {
    const send = await guarded(t);
    passed(await send('/guarded', 'apikey: ann-one\r\n'), 'ann');
    passed(await send('/guarded', 'apikey: ann-two\r\n'), 'ann');
    passed(await send('/guarded', 'apikey: eve-key\r\n'), 'eve');
    const seen = passed(await send('/guarded', 'apikey: ann-phone\r\n'), 'ann');
    assert.deepEqual(values(seen, 'x-credential-identifier'), ['phone']);
    assert.deepEqual(values(seen, 'x-consumer-custom-id'), ['42']);
  });

  test('does not take a hash for its key', async (t) => {
    const send = await guarded(t);
    refused(await send('/guarded', `apikey: ${hash('sha256', 'eve-key')}\r\n`), INVALID);
    refused(await send('/guarded', `apikey: ${hash('sha256', 'tom-key')}\r\n`), INVALID);
  });

  test('tells the upstream who calls, and nothing that a client claims about it', async (t) => {
    const send = await guarded(t);
    const claims = 'X-Consumer-Username: root\r\nx_consumer_username: root\r\nX-Credential-Identifier: 1\r\nX-Consumer-Custom-Id: 1\r\n';
    const seen = passed(await send('/guarded', `apikey: tom-key\r\n${claims}`), 'tom');
    const open = await send('/open', claims);
    for (const request of [seen, open.seen]) {
      const names = (request?.headers ?? []).map(([name]) => name.toLowerCase().replaceAll('_', '-'));
      assert.deepEqual(names.filter((name) => ['x-credential-identifier', 'x-consumer-custom-id'].includes(name)), []);
      assert.ok(!JSON.stringify(request?.headers).includes('root'));
    }
  });

  test('takes the key from the header and the argument that its options name', async (t) => {
    const send = await guarded(t, '{header: X-Key, query: k}');
    passed(await send('/guarded', 'x-key: tom-key\r\n'), 'tom');
    passed(await send('/guarded?k=tom-key'), 'tom');
    refused(await send('/guarded?apikey=tom-key', 'apikey: tom-key\r\n'), MISSING);
  });

  test('is not fooled by names that every object has', async (t) => {
    const send = await guarded(t, '{header: constructor, query: __proto__}');
    refused(await send('/guarded'), MISSING);
    refused(await send('/guarded', 'constructor: toString\r\n'), INVALID);
    refused(await send('/guarded?__proto__=hasOwnProperty'), INVALID);
    passed(await send('/guarded', 'constructor: tom-key\r\n'), 'tom');
  });

  test('names its realm', async (t) => {
    const send = await guarded(t, '{realm: my realm}');
    refused(await send('/guarded'), MISSING, 'apikey realm="my realm"');
  });

  test('leaves the key with the request unless told to hide it', async (t) => {
    const send = await guarded(t);
    assert.deepEqual(values(passed(await send('/guarded', 'apikey: tom-key\r\n'), 'tom'), 'apikey'), ['tom-key']);
    assert.match(passed(await send('/guarded?apikey=tom-key'), 'tom').start, /^GET \/guarded\?apikey=tom-key /);
  });

  test('hides the key where it was found, and leaves the other place and the rest of the query as sent', async (t) => {
    const send = await guarded(t, '{hide_credentials: true}');
    const header = passed(await send('/guarded?b=2&apikey=x&a=1', 'apikey: tom-key\r\n'), 'tom');
    assert.deepEqual(values(header, 'apikey'), []);
    assert.match(header.start, /^GET \/guarded\?b=2&apikey=x&a=1 /);
    const query = passed(await send('/guarded?b=2&apikey=tom-key&a=1&flag&e=%20x'), 'tom');
    assert.match(query.start, /^GET \/guarded\?b=2&a=1&flag&e=%20x /);
    assert.match(passed(await send('/guarded?apikey=tom-key'), 'tom').start, /^GET \/guarded /);
  });

  test('counts requests without a valid key as the anonymous consumer, cleaned of what they tried', async (t) => {
    const send = await guarded(t, '{anonymous_consumer: guest, hide_credentials: true}');
    passed(await send('/guarded'), 'guest');
    const seen = passed(await send('/guarded?apikey=nobody&a=1', 'apikey: nobody\r\n'), 'guest');
    assert.deepEqual(values(seen, 'apikey'), []);
    assert.match(seen.start, /^GET \/guarded\?a=1 /);
    passed(await send('/guarded', 'apikey: tom-key\r\n'), 'tom');
  });

  test('refuses everybody without a key when the anonymous consumer does not exist', async (t) => {
    const send = await guarded(t, '{anonymous_consumer: nobody}');
    refused(await send('/guarded'), 'Invalid user authorization');
    passed(await send('/guarded', 'apikey: tom-key\r\n'), 'tom');
  });
});

suite('_meta', () => {
  test('disable switches a plugin off', async (t) => {
    const send = await guarded(t, '{_meta: {disable: true}}');
    const { answer, seen } = await send('/guarded');
    assert.equal(statusOf(answer), 200);
    assert.deepEqual(values(seen ?? answer, 'x-consumer-username'), []);
  });

  test('error_response replaces the body of a refusal; status and headers stay', async (t) => {
    for (const [conf, body] of [['"go away"', 'go away'], ['{error: "no"}', '{"error":"no"}\n']] as const) {
      const send = await guarded(t, `{_meta: {error_response: ${conf}}}`);
      const { answer, seen } = await send('/guarded');
      assert.deepEqual([statusOf(answer), answer.body, values(answer, 'www-authenticate'), seen], [401, body, ['apikey realm="key"'], undefined]);
    }
  });
});
