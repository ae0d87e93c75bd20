import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';

const CONSUMERS = `
consumers:
  - {username: tom, group_id: staff, plugins: {key-auth: {key: tom-4fQ9xLm2Vb7Rk}}}
  - {username: ann, group_id: guests, plugins: {key-auth: {key: ann-4fQ9xLm2Vb7Rk}}}
  - {username: eve, plugins: {key-auth: {key: eve-4fQ9xLm2Vb7Rk}}}
consumer_groups: [{id: staff, plugins: {}}, {id: guests, plugins: {}}]
`;

/** What consumers are answered: their statuses, or the bodies of refusals. */
async function answers(t: Parameters<typeof behind>[0], options: string, callers = ['tom', 'ann', 'eve'], method = 'GET'): Promise<(number | string)[]> {
  const { send } = await behind(t, `{key-auth: {}, consumer-restriction: ${options}}`, CONSUMERS);
  const found: (number | string)[] = [];
  for (const caller of callers) {
    const { status, answer } = await send('/', `apikey: ${caller}-4fQ9xLm2Vb7Rk\r\n`, method);
    found.push(status === 200 ? 200 : `${status} ${answer.body.trim()}`);
  }
  return found;
}

const FORBIDDEN = '403 {"message":"The consumer_name is forbidden."}';

suite('consumer-restriction', () => {
  test('lets the consumers of a whitelist through, and keeps out those of a blacklist', async (t) => {
    assert.deepEqual(await answers(t, '{whitelist: [tom, ann]}'), [200, 200, FORBIDDEN]);
    assert.deepEqual(await answers(t, '{blacklist: [tom]}'), [FORBIDDEN, 200, 200]);
    assert.deepEqual(await answers(t, '{whitelist: [tom, ann], blacklist: [tom]}'), [FORBIDDEN, 200, FORBIDDEN]);
  });

  test('holds consumers to their methods; whoever is not listed, or is in the whitelist, may use all', async (t) => {
    const options = 'allowed_by_methods: [{user: tom, methods: [POST]}, {user: tom, methods: [GET]}, {user: ann, methods: [GET]}]';
    assert.deepEqual(await answers(t, `{${options}}`), [FORBIDDEN, 200, 200]);
    assert.deepEqual(await answers(t, `{${options}}`, undefined, 'POST'), [200, FORBIDDEN, 200]);
    assert.deepEqual(await answers(t, `{whitelist: [tom], ${options}}`), [200, FORBIDDEN, FORBIDDEN]);
    assert.deepEqual(await answers(t, `{blacklist: [ann], ${options}}`), [FORBIDDEN, FORBIDDEN, 200]);
  });

  test('goes by the consumer group; who has none is told so', async (t) => {
    const unknown = '401 {"message":"The request is rejected, please check the consumer_group_id for this request"}';
    assert.deepEqual(await answers(t, '{type: consumer_group_id, whitelist: [staff]}'), [200, '403 {"message":"The consumer_group_id is forbidden."}', unknown]);
  });

  test('goes by the route or the service, on a consumer', async (t) => {
    const { send, edit } = await behind(t, '{key-auth: {}}', 'consumers: [{username: tom, plugins: {key-auth: {key: tom-4fQ9xLm2Vb7Rk}, consumer-restriction: {type: route_id, blacklist: [all]}}}]');
    assert.equal((await send('/', 'apikey: tom-4fQ9xLm2Vb7Rk\r\n')).answer.body, '{"message":"The route_id is forbidden."}\n');
    edit('{key-auth: {}}', 'consumers: [{username: tom, plugins: {key-auth: {key: tom-4fQ9xLm2Vb7Rk}, consumer-restriction: {type: service_id, whitelist: [shop]}}}]');
    assert.equal((await send('/', 'apikey: tom-4fQ9xLm2Vb7Rk\r\n')).status, 200);
  });

  test('refuses a request of nobody', async (t) => {
    const { send } = await behind(t, '{consumer-restriction: {blacklist: [tom]}}', CONSUMERS);
    const { status, answer } = await send();
    assert.deepEqual([status, answer.body], [401, '{"message":"The request is rejected, please check the consumer_name for this request"}\n']);
  });

  test('says what it is told to say, with the status that it is told to', async (t) => {
    assert.deepEqual(await answers(t, '{blacklist: [tom], rejected_code: 404, rejected_msg: not here}', ['tom']), ['404 {"message":"not here"}']);
  });

  test('warns of a name that no consumer has, and refuses a file without any list', () => {
    assert.deepEqual(told('{key-auth: {}, consumer-restriction: {whitelist: [tmo]}}', CONSUMERS), ['warning: there is no consumer `tmo`: nobody is let through by this name']);
    assert.deepEqual(told('{key-auth: {}, consumer-restriction: {type: consumer_group_id, whitelist: [tmo]}}', CONSUMERS), []);
    for (const options of ['{}', '{whitelist: []}', '{type: user, whitelist: [tom]}', '{allowed_by_methods: [{user: tom}]}', '{allowed_by_methods: [{user: tom, methods: [FETCH]}]}', '{whitelist: [tom], rejected_code: 199}']) {
      assert.match(told(`{consumer-restriction: ${options}}`, CONSUMERS).join('\n'), /^error/, options);
    }
  });
});
