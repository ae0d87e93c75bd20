import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';

const REFUSAL = '{"message":"Your referer host is not allowed"}\n';

suite('referer-restriction', () => {
  test('lets requests through that come from the hosts of a whitelist', async (t) => {
    const { send } = await behind(t, '{referer-restriction: {whitelist: [shop.example, "*.pages.example"]}}');
    for (const referer of ['https://shop.example/a?b', 'http://shop.example', 'https://SHOP.example:8443/', '//shop.example/x', 'https://a.b.pages.example/']) {
      assert.equal((await send('/', `Referer: ${referer}\r\n`)).status, 200, referer);
    }
    for (const referer of ['https://www.shop.example/', 'https://shop.example.attacker.example/', 'https://pages.example/', 'https://attacker.example/?https://shop.example/', 'https://attacker.example#@shop.example']) {
      const { status, answer } = await send('/', `Referer: ${referer}\r\n`);
      assert.deepEqual([status, answer.body], [403, REFUSAL], referer);
    }
  });

  test('takes what is no address, or has user information in it, for no Referer', async (t) => {
    const { send, edit } = await behind(t, '{referer-restriction: {whitelist: [shop.example]}}');
    const malformed = ['shop.example', 'https://shop.example@attacker.example/', 'https://shop.example:x@attacker.example/', 'https://attacker.example\\\\@shop.example/', 'https://'];
    for (const referer of malformed) assert.equal((await send('/', `Referer: ${referer}\r\n`)).status, 403, referer);
    edit('{referer-restriction: {blacklist: [attacker.example], bypass_missing: true}}');
    for (const referer of malformed) assert.equal((await send('/', `Referer: ${referer}\r\n`)).status, 200, referer);
  });

  test('keeps out those of a blacklist, and says what it is told to say', async (t) => {
    const { send } = await behind(t, '{referer-restriction: {blacklist: ["*.leech.example"], message: look at it there}}');
    assert.equal((await send('/', 'Referer: https://a.leech.example/\r\n')).answer.body, '{"message":"look at it there"}\n');
    assert.equal((await send('/', 'Referer: https://shop.example/\r\n')).status, 200);
    assert.equal((await send('/', 'Referer: https://shop.example/\r\nReferer: https://a.leech.example/\r\n')).status, 403);
    // the same host, by a name that browsers leave as it is
    assert.equal((await send('/', 'Referer: https://a.leech.example./\r\n')).status, 403);
  });

  test('keeps out requests without one, unless it is told to let them through', async (t) => {
    const { send, edit } = await behind(t, '{referer-restriction: {whitelist: [shop.example]}}');
    assert.equal((await send()).status, 403);
    edit('{referer-restriction: {whitelist: [shop.example], bypass_missing: true}}');
    assert.equal((await send()).status, 200);
    assert.equal((await send('/', 'Referer: https://a.example/\r\n')).status, 403);
  });

  test('refuses a file with both lists or none, and with what is no host', () => {
    for (const options of ['{}', '{whitelist: []}', '{whitelist: [a.example], blacklist: [b.example]}', '{whitelist: ["https://a.example"]}', '{whitelist: ["a.*.example"]}']) assert.match(told(`{referer-restriction: ${options}}`).join('\n'), /^error/, options);
  });
});
