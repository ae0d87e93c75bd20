import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';
import { values } from '../support/message.js';
import { answer } from '../support/upstream.js';

const SHAPES: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  uuidv7: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  nanoid: /^[A-Za-z0-9_-]{21}$/,
  ksuid: /^[0-9A-Za-z]{27}$/,
  'range_id, range_id: {length: 8, char_set: abcdef}': /^[a-f]{8}$/,
};

suite('request-id', () => {
  for (const [algorithm, shape] of Object.entries(SHAPES)) {
    test(`gives each request an id of its own, which upstream and client see: ${algorithm}`, async (t) => {
      const { send } = await behind(t, `{request-id: {algorithm: ${algorithm}}}`);
      const ids = new Set<string>();
      for (let i = 0; i < 3; i++) {
        const { answer: came, seen } = await send();
        const [id = ''] = values(came, 'x-request-id');
        assert.match(id, shape);
        assert.deepEqual(seen && values(seen, 'x-request-id'), [id]);
        ids.add(id);
      }
      assert.equal(ids.size, 3);
    });
  }

  test('begins a uuidv7 with its time', async (t) => {
    const { send } = await behind(t, '{request-id: {algorithm: uuidv7}}');
    const [id = ''] = values((await send()).answer, 'x-request-id');
    assert.ok(Math.abs(parseInt(id.replace('-', '').slice(0, 12), 16) - Date.now()) < 60_000);
  });

  test('keeps the id that a client sends, and makes one in place of an empty one', async (t) => {
    const { send } = await behind(t, '{request-id: {}}');
    const kept = await send('/', 'X-Request-Id: abc\r\n');
    assert.deepEqual([kept.seen && values(kept.seen, 'x-request-id'), values(kept.answer, 'x-request-id')], [['abc'], ['abc']]);
    const made = await send('/', 'X-Request-Id:\r\n');
    assert.match(values(made.answer, 'x-request-id').join(), SHAPES['uuid'] ?? /$./);
    assert.deepEqual(made.seen && values(made.seen, 'x-request-id'), values(made.answer, 'x-request-id'));
  });

  test('leaves the id that the upstream answers with, and tells the client none when it is told not to', async (t) => {
    const own = await behind(t, '{request-id: {}}', '', () => answer('ok', 'X-Request-Id: upstreams\r\n'));
    assert.deepEqual(values((await own.send()).answer, 'x-request-id'), ['upstreams']);
    const { send } = await behind(t, '{request-id: {include_in_response: false, header_name: X-Trace}}');
    const { answer: came, seen } = await send();
    assert.deepEqual([values(came, 'x-trace'), seen && values(seen, 'x-trace').length], [[], 1]);
  });

  test('marks refusals of other plugins too', async (t) => {
    const { send } = await behind(t, '{request-id: {}, key-auth: {}}');
    const { status, answer: came } = await send();
    assert.deepEqual([status, values(came, 'x-request-id').length], [401, 1]);
  });

  test('is the id that variables tell', async (t) => {
    const { send } = await behind(t, '{request-id: {}, fault-injection: {abort: {http_status: 200, body: "$request_id"}}}');
    assert.equal((await send('/', 'X-Request-Id: abc\r\n')).answer.body, 'abc');
  });

  test('refuses a file with an algorithm that nobody knows, and a header that has a meaning of its own', () => {
    for (const options of ['{algorithm: md5}', '{header_name: Host}', '{include_in_response: maybe}', '{range_id: {length: 5}}']) assert.match(told(`{request-id: ${options}}`).join('\n'), /^error/, options);
  });
});
