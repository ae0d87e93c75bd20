import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';

suite('uri-blocker', () => {
  test('refuses what a regular expression is found in: the path however it is written, and the query', async (t) => {
    const { send } = await behind(t, '{uri-blocker: {block_rules: ["^/internal/", "c\\\\d+", "\\\\.sql$"]}}');
    for (const path of ['/internal/x', '/./internal/x', '//internal/x', '/%69nternal/x', '/a?x=c1', '/dump.sql']) {
      const { status, seen, answer } = await send(path);
      assert.deepEqual([status, seen], [403, undefined], path);
      assert.match(answer.body, /^<html>/);
    }
    for (const path of ['/internal', '/a/internal/', '/a?x=c', '/C1', '/a.sql?x']) assert.equal((await send(path)).status, 200, path);
  });

  test('makes no difference between letters, and says what it is told to', async (t) => {
    const { send } = await behind(t, '{uri-blocker: {block_rules: [AA], case_insensitive: true, rejected_msg: not here, rejected_code: 404}}');
    const { status, answer } = await send('/x?aa=1');
    assert.deepEqual([status, answer.body], [404, '{"error_msg":"not here"}\n']);
  });

  test('refuses a file without rules, and with a malformed one', () => {
    for (const options of ['{}', '{block_rules: []}', '{block_rules: ["("]}', '{block_rules: [a], rejected_code: 10}', '{block_rules: [a, a]}']) assert.match(told(`{uri-blocker: ${options}}`).join('\n'), /^error/, options);
  });
});
