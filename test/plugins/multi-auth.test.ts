import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { check } from '../config/check.js';
import { closing } from '../support/gateway.js';
import { assertPassed, assertRefused, guarded } from '../support/guarded.js';
import { values } from '../support/message.js';

const CONSUMERS = `
consumers:
  - {username: tom, plugins: {basic-auth: {username: tom, password: tom-pass}, key-auth: {key: tom-key}}}
  - {username: ann, plugins: {key-auth: {key: ann-key}}}
  - {username: guest}
`;
const FAILED = 'Authorization Failed';
const BASIC = `Authorization: Basic ${Buffer.from('tom:tom-pass').toString('base64')}\r\n`;

suite('multi-auth', () => {
  const scope = closing();

  test('lets a request through that any one of its plugins knows, and refuses the others', async () => {
    const { send } = await guarded(scope, 'multi-auth', '{auth_plugins: [{basic-auth: {}}, {key-auth: {hide_credentials: true}}]}', CONSUMERS);
    assertPassed(await send('/guarded', BASIC), 'tom');
    assert.deepEqual(values(assertPassed(await send('/guarded', 'apikey: ann-key\r\n'), 'ann'), 'apikey'), []);
    assertPassed(await send('/guarded?apikey=ann-key', 'Authorization: Basic nonsense\r\n'), 'ann');
    assertRefused(await send('/guarded'), FAILED, 'apikey realm="key"');
    assertRefused(await send('/guarded?apikey=wrong', 'Authorization: Basic nonsense\r\n'), FAILED, 'apikey realm="key"');
  });

  test('takes the first that knows the request, and leaves the challenge of the one before on the answer', async () => {
    const { send } = await guarded(scope, 'multi-auth', '{auth_plugins: [{basic-auth: {}}, {key-auth: {}}]}', CONSUMERS);
    const both = await send('/guarded', `${BASIC}apikey: ann-key\r\n`);
    assertPassed(both, 'tom');
    assert.deepEqual(values(both.answer, 'www-authenticate'), []);
    const second = await send('/guarded', 'apikey: ann-key\r\n');
    assertPassed(second, 'ann');
    assert.deepEqual(values(second.answer, 'www-authenticate'), ['Basic realm="basic"']);
  });

  test('knows the anonymous consumer of one of its plugins', async () => {
    const { send } = await guarded(scope, 'multi-auth', '{auth_plugins: [{basic-auth: {anonymous_consumer: nobody}}, {key-auth: {anonymous_consumer: guest}}]}', CONSUMERS);
    assertPassed(await send('/guarded'), 'guest');
    assertPassed(await send('/guarded', 'apikey: ann-key\r\n'), 'ann');
  });

  test('waits for a plugin that reads the body, and goes on after it', async () => {
    const { send, sendRaw } = await guarded(scope, 'multi-auth', '{auth_plugins: [{hmac-auth: {validate_request_body: true, signed_headers: [date, digest]}}, {key-auth: {}}]}', CONSUMERS);
    assertPassed(await send('/guarded', 'apikey: ann-key\r\n'), 'ann');
    assertPassed(await sendRaw('POST /guarded HTTP/1.1\r\nHost: a\r\napikey: tom-key\r\nAuthorization: Signature keyId="x"\r\nContent-Length: 4\r\n\r\nbody'), 'tom');
  });

  test('refuses everybody when all its plugins are switched off', async () => {
    const off = '{_meta: {disable: true}}';
    const { send } = await guarded(scope, 'multi-auth', `{auth_plugins: [{basic-auth: ${off}}, {key-auth: ${off}}]}`, CONSUMERS);
    const { answer, seen } = await send('/guarded', `${BASIC}apikey: ann-key\r\n`);
    assert.deepEqual([answer.body, seen], [`{"message":"${FAILED}"}\n`, undefined]);
  });

  test('takes two plugins at least, each of which tells who calls, with options of their own', () => {
    const messages = (plugins: string): readonly string[] => check(`routes: [{uri: /, plugins: {multi-auth: {auth_plugins: ${plugins}}}, upstream: {nodes: {"127.0.0.1:1": 1}}}]`).filter(({ severity }) => severity === 'error').map(({ message }) => message);
    assert.deepEqual(messages('[{basic-auth: {}}, {key-auth: {}}]'), []);
    assert.equal(messages('[{basic-auth: {}}]').length, 1);
    assert.equal(messages('[{basic-auth: {}}, {}]').length, 1);
    assert.equal(messages('[{basic-auth: {}}, {key-auth: {heder: x}}]').length, 1);
    assert.match(messages('[{basic-auth: {}}, {kye-auth: {}}]').join(), /kye-auth/);
    assert.match(messages('[{basic-auth: {}}, {multi-auth: {auth_plugins: [{basic-auth: {}}]}}]').join(), /2/);
  });
});
