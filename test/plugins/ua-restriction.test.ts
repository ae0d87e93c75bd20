import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';

const REFUSAL = '{"message":"Not allowed"}\n';

suite('ua-restriction', () => {
  test('keeps out what a regular expression of the denylist is found in', async (t) => {
    const { send } = await behind(t, '{ua-restriction: {denylist: [bad-bot, "(?i)spider/\\\\d+"]}}');
    for (const agent of ['bad-bot', 'a bad-bot 2', 'Spider/3']) {
      const { status, answer } = await send('/', `User-Agent: ${agent}\r\n`);
      assert.deepEqual([status, answer.body], [403, REFUSAL], agent);
    }
    assert.equal((await send('/', 'User-Agent: Spider/x\r\n')).status, 200);
  });

  test('lets through what one of the allowlist is found in, and nothing else', async (t) => {
    const { send } = await behind(t, '{ua-restriction: {allowlist: ["^good/"], message: go home}}');
    assert.equal((await send('/', 'User-Agent: good/1\r\n')).status, 200);
    assert.equal((await send('/', 'User-Agent: not good/1\r\n')).answer.body, '{"message":"go home"}\n');
  });

  test('judges every User-Agent that is sent', async (t) => {
    const deny = await behind(t, '{ua-restriction: {denylist: [bad]}}');
    const allow = await behind(t, '{ua-restriction: {allowlist: [good]}}');
    for (const agents of ['User-Agent: good\r\nUser-Agent: bad\r\n', 'User-Agent: bad\r\nUser-Agent: good\r\n']) {
      assert.deepEqual([(await deny.send('/', agents)).status, (await allow.send('/', agents)).status], [403, 403]);
    }
  });

  test('keeps out requests without one, unless it is told to let them through', async (t) => {
    const { send, edit } = await behind(t, '{ua-restriction: {denylist: [bad]}}');
    assert.equal((await send()).status, 403);
    edit('{ua-restriction: {denylist: [bad], bypass_missing: true}}');
    assert.equal((await send()).status, 200);
    assert.equal((await send('/', 'User-Agent: bad\r\n')).status, 403);
  });

  test('refuses a file with a regular expression that is malformed or may take long, and with both lists or none', () => {
    assert.match(told('{ua-restriction: {denylist: [ok, "("]}}').join(), /^error: this regular expression: /);
    assert.match(told('{ua-restriction: {denylist: ["(a+)+\\\\1$"]}}').join(), /^error: this regular expression: /);
    for (const options of ['{}', '{denylist: []}', '{denylist: 1}', '{denylist: [a], allowlist: [b]}', '{denylist: [a], message: 1}']) assert.match(told(`{ua-restriction: ${options}}`).join('\n'), /^error/, options);
  });
});
