import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closing } from '../support/gateway.js';
import { assertPassed, assertRefused, guarded, type Sent } from '../support/guarded.js';
import { values } from '../support/message.js';

const CONSUMERS = `
consumers:
  - username: tom
    plugins: {basic-auth: {username: Tom, password: "pa:ss wörd"}}
  - username: ann
    plugins: {basic-auth: {username: ann@example.org, password: first}}
  - username: guest
  - id: ann/credentials/phone
    plugins: {basic-auth: {username: ann-phone, password: second}}
`;

const MISSING = 'Missing authorization in request';
const INVALID = 'Invalid authorization in request';
const UNAUTHORIZED = 'Invalid user authorization';

const basic = (pair: string, scheme = 'Basic'): string => `Authorization: ${scheme} ${Buffer.from(pair).toString('base64')}\r\n`;
const refused = (sent: Sent, message: string, realm = 'basic'): void => assertRefused(sent, message, `Basic realm="${realm}"`);

suite('basic-auth', () => {
  const scope = closing();

  test('lets a name with its password through, whatever the case of the scheme, colons and letters beyond ASCII included', async () => {
    const { send } = await guarded(scope, 'basic-auth', '{}', CONSUMERS);
    assertPassed(await send('/guarded', basic('Tom:pa:ss wörd')), 'tom');
    assertPassed(await send('/guarded', basic('ann@example.org:first', 'bAsIc')), 'ann');
    const seen = assertPassed(await send('/guarded', basic('ann-phone:second')), 'ann');
    assert.deepEqual(values(seen, 'x-credential-identifier'), ['phone']);
    assert.deepEqual(values(seen, 'authorization').length, 1);
  });

  test('does not count space, such as a line break that slipped into the base64', async () => {
    const { send } = await guarded(scope, 'basic-auth', '{}', CONSUMERS);
    assertPassed(await send('/guarded', basic('ann-phone:second\n')), 'ann');
    assertPassed(await send('/guarded', basic('Tom:pa:sswörd')), 'tom');
  });

  test('says in turn that nothing was sent, that it cannot be read, and that it is wrong', async () => {
    const { send } = await guarded(scope, 'basic-auth', '{}', CONSUMERS);
    refused(await send('/guarded'), MISSING);
    for (const value of ['', 'Basic', 'Basic ', 'Basic aca_a', 'Basic YmFy', 'Bearer VG9tOnBh', 'Basic  YTpi', 'Basic YTpi YTpi', 'Basic =', 'VG9tOnBh']) {
      refused(await send('/guarded', `Authorization: ${value}\r\n`), INVALID);
    }
    for (const pair of ['Tom:', ':', ':pa:ss wörd', 'Tom:pa', 'Tom:PA:ss wörd', 'tom:pa:ss wörd', 'Tom:pa:ss wörd:', 'Tom:first', 'constructor:x', '__proto__:x', 'Tom:pa:ss w\u00f6rd\u0000']) {
      refused(await send('/guarded', basic(pair)), UNAUTHORIZED);
    }
    refused(await send('/guarded', `Authorization: Basic ${Buffer.from('Tom:pa:ss wörd', 'latin1').toString('base64')}\r\n`), UNAUTHORIZED);
  });

  test('refuses two Authorization headers, also two that are alike', async () => {
    const { send } = await guarded(scope, 'basic-auth', '{}', CONSUMERS);
    refused(await send('/guarded', basic('ann-phone:second') + basic('Tom:x')), INVALID);
    refused(await send('/guarded', basic('ann-phone:second') + basic('ann-phone:second')), INVALID);
  });

  test('hides the credential where it is told to, and names its realm', async () => {
    const { send } = await guarded(scope, 'basic-auth', '{hide_credentials: true, realm: inner circle}', CONSUMERS);
    assert.deepEqual(values(assertPassed(await send('/guarded', basic('ann-phone:second')), 'ann'), 'authorization'), []);
    refused(await send('/guarded'), MISSING, 'inner circle');
  });

  test('counts requests without a valid credential as the anonymous consumer, if there is one', async () => {
    const { send, swap } = await guarded(scope, 'basic-auth', '{hide_credentials: true, anonymous_consumer: guest}', CONSUMERS);
    assertPassed(await send('/guarded'), 'guest');
    assert.deepEqual(values(assertPassed(await send('/guarded', basic('Tom:wrong')), 'guest'), 'authorization'), []);
    assertPassed(await send('/guarded', basic('ann-phone:second')), 'ann');
    swap('{anonymous_consumer: nobody}');
    refused(await send('/guarded'), UNAUTHORIZED);
    refused(await send('/guarded', basic('Tom:wrong')), UNAUTHORIZED);
    assertPassed(await send('/guarded', basic('ann-phone:second')), 'ann');
  });
});
