import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';
import { values } from '../support/message.js';
import { connect, get, until } from '../support/raw.js';

suite('fault-injection', () => {
  test('answers in place of the upstream, with variables in body and headers', async (t) => {
    const { send } = await behind(t, '{fault-injection: {abort: {http_status: 418, body: "hello $arg_name", headers: {X-Name: "<$arg_name>", Retry-After: 5, Content-Type: text/x}}}}');
    const { status, answer, seen } = await send('/?name=ann');
    assert.deepEqual([status, answer.body, seen], [418, 'hello ann', undefined]);
    assert.deepEqual(['x-name', 'retry-after', 'content-type'].map((name) => values(answer, name)), [['<ann>'], ['5'], ['text/x']]);
    assert.deepEqual(values((await send('/?name=a%0d%0aX-Evil:%201')).answer, 'x-evil'), []);
  });

  test('answers before a key is asked for; without a body with a page', async (t) => {
    const { send } = await behind(t, '{key-auth: {}, fault-injection: {abort: {http_status: 503}}}');
    const { status, answer } = await send();
    assert.equal(status, 503);
    assert.match(answer.body, /^<html>/);
  });

  test('meets the requests that one of its expressions holds for', async (t) => {
    const { send } = await behind(t, '{fault-injection: {abort: {http_status: 503, vars: [[[arg_a, "==", "1"], [arg_b, "==", "2"]], [[http_x, "==", y]]]}}}');
    const met: number[] = [];
    for (const [path, headers] of [['/?a=1&b=2', ''], ['/', 'X: y\r\n'], ['/?a=1', ''], ['/', '']] as const) met.push((await send(path, headers)).status);
    assert.deepEqual(met, [503, 503, 200, 200]);
  });

  test('meets its share of the requests', async (t) => {
    const { send, edit } = await behind(t, '{fault-injection: {abort: {http_status: 503, percentage: 0}}}');
    assert.equal((await send()).status, 200);
    edit('{fault-injection: {abort: {http_status: 503, percentage: 100}}}');
    assert.equal((await send()).status, 503);
  });

  test('keeps requests waiting, and then goes on or answers', async (t) => {
    const { send, edit } = await behind(t, '{fault-injection: {delay: {duration: 0.1}}}');
    const began = performance.now();
    assert.equal((await send()).status, 200);
    assert.ok(performance.now() - began >= 99);
    edit('{fault-injection: {delay: {duration: 0.05}, abort: {http_status: 503}}}');
    assert.equal((await send()).status, 503);
  });

  test('waits for no client that has left', async (t) => {
    const { gateway, upstream } = await behind(t, '{fault-injection: {delay: {duration: 3600}}}');
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const client = (await connect(t, gateway.port)).send(get('/'));
    await until(() => gateway.gateway.table.inFlight === 1);
    client.socket.resetAndDestroy();
    await until(() => gateway.gateway.table.inFlight === 0 && timers() <= before);
    assert.equal(upstream.requests.length, 0);
  });

  test('refuses a file that does neither, or has a status that is none', () => {
    for (const options of ['{}', '{abort: {}}', '{delay: {}}', '{abort: {http_status: 100}}', '{abort: {http_status: 200, percentage: 101}}', '{abort: {http_status: 200, body: "$nothing"}}', '{abort: {http_status: 200, headers: {Content-Length: 5}}}', '{delay: {duration: 1, vars: [[a]]}}']) {
      assert.match(told(`{fault-injection: ${options}}`).join('\n'), /^error/, options);
    }
  });
});
