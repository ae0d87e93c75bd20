import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { limitCountWith } from '../../src/plugins/limit-count.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { ask, get } from '../support/raw.js';
import { startUpstream } from '../support/upstream.js';

/** A clock that a test sets, and the plugins with a limit-count that goes by it. */
function clock(most?: number) {
  const time = { now: 5000 };
  const limitCount = limitCountWith({ now: () => time.now, ...(most !== undefined && { most }) });
  return { time, plugins: PLUGINS.map((plugin) => (plugin.name === 'limit-count' ? limitCount : plugin)) };
}

interface Limited {
  readonly gateway: TestGateway;
  /** Lets milliseconds pass. */
  pass(milliseconds: number): void;
  send(path?: string, headers?: string): Promise<Message>;
  statuses(times: number, path?: string, headers?: string): Promise<number[]>;
  swap(routes: string, more?: string): void;
}

/** A gateway on routes in flow style, whose clock stands still. */
async function limited(t: TestContext, routes: string, more = '', most?: number): Promise<Limited> {
  const upstream = await startUpstream(t);
  const { time, plugins } = clock(most);
  const file = (text: string, rest: string): string => `routes: [${text}]\nupstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]\n${rest}`;
  const gateway = await startGateway(t, file(routes, more), plugins);
  const send = async (path = '/', headers = ''): Promise<Message> => {
    const answer = await ask(gateway.port, get(path, headers));
    assert.ok(answer);
    return answer;
  };
  return {
    gateway,
    pass: (milliseconds) => { time.now += milliseconds; },
    send,
    async statuses(times, path, headers) {
      const all: number[] = [];
      for (let i = 0; i < times; i++) all.push(statusOf(await send(path, headers)));
      return all;
    },
    swap: (text, rest = more) => gateway.swap(file(text, rest)),
  };
}

const route = (options: string, id = 'r', uri = '/*'): string => `{id: ${id}, uri: ${uri}, upstream_id: up, plugins: {limit-count: ${options}}}`;

const quotaOf = (answer: Message): string[] => ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'].map((name) => values(answer, name).join('|'));

suite('limit-count', () => {
  test('lets so many requests pass in a window, which begins with the first, and tells how many are left', async (t) => {
    const { send, pass } = await limited(t, route('{count: 2, time_window: 60}'));
    assert.deepEqual(quotaOf(await send()), ['2', '1', '60']);
    pass(20);
    assert.deepEqual(quotaOf(await send()), ['2', '0', '59.98']);
    const refused = await send();
    assert.equal(statusOf(refused), 503);
    assert.match(refused.body, /<title>503 Service Temporarily Unavailable<\/title>/);
    assert.deepEqual(quotaOf(refused), ['2', '0', '59.98']);
    pass(59_979);
    assert.equal(statusOf(await send()), 503);
    pass(1);
    assert.deepEqual(quotaOf(await send()), ['2', '1', '60']);
  });

  test('refuses with the status and the words that its options name', async (t) => {
    const { send } = await limited(t, route('{count: 1, time_window: 60, rejected_code: 429, rejected_msg: slow down}'));
    await send();
    const refused = await send();
    assert.equal(statusOf(refused), 429);
    assert.equal(refused.body, '{"error_msg":"slow down"}\n');
  });

  test('counts each address by itself, unless told to count by another variable, several, or none', async (t) => {
    const each = async (options: string, requests: readonly string[]): Promise<number[]> => {
      const { send } = await limited(t, route(`{count: 1, time_window: 60, ${options}}`));
      const statuses: number[] = [];
      for (const headers of requests) statuses.push(statusOf(await send('/', headers)));
      return statuses;
    };
    assert.deepEqual(await each('key: http_a', ['a: 1\r\n', 'a: 2\r\n', 'a: 1\r\n']), [200, 200, 503]);
    assert.deepEqual(await each('key_type: var_combination, key: $http_a $http_b', ['a: 1\r\nb: 1\r\n', 'a: 1\r\nb: 2\r\n', 'a: 1\r\n', 'a: 1\r\nb: 1\r\n']), [200, 200, 200, 503]);
    assert.deepEqual(await each('key_type: constant, key: all', ['a: 1\r\n', 'a: 2\r\n']), [200, 503]);
    // what a request has nothing of is no key: its address is, and nobody can send that as a key
    assert.deepEqual(await each('key: http_a', ['', 'a:\r\n', 'a: 127.0.0.1\r\n', '']), [200, 503, 200, 503]);
    assert.deepEqual(await each('key_type: var_combination, key: $http_a $http_b', ['', 'c: 1\r\n']), [200, 503]);
    assert.deepEqual(await each('key_type: var_combination, key: nothing', ['a: 1\r\n', 'a: 2\r\n']), [200, 503]);
  });

  test('takes no argument for an address, whatever is encoded in it', async (t) => {
    const { send } = await limited(t, route('{count: 1, time_window: 60, key: arg_k}'));
    const paths = ['/?k=%00127.0.0.1', '/?k=%00%00127.0.0.1', '/?k=127.0.0.1', '/'];
    for (const status of [200, 503]) {
      for (const path of paths) assert.equal(statusOf(await send(path)), status, path);
    }
  });

  test('counts long keys, and keys of any characters, each by itself', async (t) => {
    const { send } = await limited(t, route('{count: 1, time_window: 60, key: http_a}'));
    const long = 'x'.repeat(5000);
    for (const key of [`${long}1`, `${long}2`, 'gr\xfc\xdfe aus k\xf6ln', 'gr\xfc\xdfe aus bonn']) {
      assert.equal(statusOf(await send('/', `a: ${key}\r\n`)), 200);
      assert.equal(statusOf(await send('/', `a: ${key}\r\n`)), 503);
    }
  });

  test('a window that slides lets no two bursts meet', async (t) => {
    const { statuses, send, pass } = await limited(t, route('{count: 10, time_window: 10, window_type: sliding}'));
    pass(4000);
    assert.deepEqual(quotaOf(await send()), ['10', '9', '1']);
    assert.deepEqual(await statuses(10), [...Array<number>(9).fill(200), 503]);
    pass(1000);
    assert.deepEqual(await statuses(1), [503], 'all of the window before lies within one window from now');
    pass(5000);
    assert.deepEqual(await statuses(6), [200, 200, 200, 200, 200, 503], 'half of it does');
    pass(20_000);
    assert.deepEqual(await statuses(11), [...Array<number>(10).fill(200), 503], 'none of it does');
  });

  test('takes the count and the window from variables, and refuses what makes none', async (t) => {
    const options = 'count: "${http_count ?? 2}", time_window: "${http_window ?? 60}"';
    const { send, gateway } = await limited(t, route(`{${options}}`));
    assert.deepEqual(quotaOf(await send('/', 'count: 3\r\n')), ['3', '2', '60']);
    assert.deepEqual(quotaOf(await send()), ['2', '0', '60']);
    assert.deepEqual(quotaOf(await send('/', 'count: 5\r\nwindow: 7\r\n')), ['5', '2', '60'], 'one counter, whose window has begun');
    for (const count of ['0', '-1', '1.5', 'many', '9007199254740993', '1e3']) assert.equal(statusOf(await send('/', `count: ${count}\r\n`)), 500, count);
    assert.equal(statusOf(await send('/', 'window: 0\r\n')), 500);
    const lenient = await limited(t, route(`{${options}, allow_degradation: true}`));
    assert.equal(statusOf(await lenient.send('/', 'count: many\r\n')), 200);
    assert.equal(gateway.expectedErrors, 0);
  });

  test('each rule that concerns a request must let it pass, and has headers of its own', async (t) => {
    const { send } = await limited(t, route('{rejected_code: 429, rules: [{count: 1, time_window: 1, key: $http_a, header_prefix: Second}, {count: 2, time_window: 60, key: $http_b}]}'));
    const both = await send('/', 'a: 1\r\nb: 1\r\n');
    assert.deepEqual(['x-second-ratelimit-limit', 'x-second-ratelimit-remaining', 'x-2-ratelimit-limit', 'x-2-ratelimit-remaining', 'x-ratelimit-limit'].map((name) => values(both, name).join()), ['1', '0', '2', '1', '']);
    assert.equal(statusOf(await send('/', 'a: 1\r\nb: 1\r\n')), 429);
    assert.equal(statusOf(await send('/', 'b: 1\r\n')), 200, 'what an earlier rule refused did not count under a later one');
    assert.equal(statusOf(await send('/', 'b: 1\r\n')), 429);
    assert.equal(statusOf(await send('/', 'a: 2\r\n')), 200);
    assert.equal(statusOf(await send()), 500, 'no rule says how many there may be');
  });

  test('tells nothing when told so, and names its headers as the metadata does', async (t) => {
    const silent = await limited(t, route('{count: 1, time_window: 60, show_limit_quota_header: false}'));
    assert.deepEqual(quotaOf(await silent.send()), ['', '', '']);
    const named = await limited(t, route('{count: 1, time_window: 60}'), 'plugin_metadata: [{id: limit-count, limit_header: X-Quota}]');
    const answer = await named.send();
    assert.deepEqual(values(answer, 'x-quota'), ['1']);
    assert.deepEqual(quotaOf(answer), ['', '0', '60']);
  });

  test('of two limits on a request each counts, and the headers are those of the last', async (t) => {
    const { send } = await limited(t, route('{count: 2, time_window: 60}'), 'global_rules: [{id: g, plugins: {limit-count: {count: 3, time_window: 60}}}]');
    assert.deepEqual(quotaOf(await send()), ['2', '1', '60']);
    await send();
    assert.deepEqual(quotaOf(await send()), ['2', '0', '60']);
    assert.deepEqual(quotaOf(await send()), ['3', '0', '60']);
  });

  test('a consumer is limited on all routes together, and those without a limit of their own are not', async (t) => {
    const consumers = 'consumers: [{username: tom, plugins: {key-auth: {key: tom-key-0}, limit-count: {count: 2, time_window: 60, key: consumer_name}}}, {username: ann, plugins: {key-auth: {key: ann-key-0}}}]';
    const open = (id: string): string => `{id: ${id}, uri: /${id}, upstream_id: up, plugins: {key-auth: {}}}`;
    const { statuses } = await limited(t, `${open('a')}, ${open('b')}`, consumers);
    assert.deepEqual(await statuses(1, '/a', 'apikey: tom-key-0\r\n'), [200]);
    assert.deepEqual(await statuses(2, '/b', 'apikey: tom-key-0\r\n'), [200, 503]);
    assert.deepEqual(await statuses(3, '/a', 'apikey: ann-key-0\r\n'), [200, 200, 200]);
  });

  test('routes count apart; those of a service whose limit it is, and those of a group, count together', async (t) => {
    const limit = '{count: 1, time_window: 60}';
    const apart = await limited(t, `${route(limit, 'a', '/a')}, ${route(limit, 'b', '/b')}`);
    assert.deepEqual([...await apart.statuses(1, '/a'), ...await apart.statuses(1, '/b')], [200, 200]);
    const service = await limited(t, '{id: a, uri: /a, service_id: s}, {id: b, uri: /b, service_id: s}', `services: [{id: s, upstream_id: up, plugins: {limit-count: ${limit}}}]`);
    assert.deepEqual([...await service.statuses(1, '/a'), ...await service.statuses(1, '/b')], [200, 503]);
    const grouped = '{count: 1, time_window: 60, group: g}';
    const group = await limited(t, `${route(grouped, 'a', '/a')}, ${route(grouped, 'b', '/b')}`);
    assert.deepEqual([...await group.statuses(1, '/a'), ...await group.statuses(1, '/b')], [200, 503]);
  });

  test('counters outlive reloads that change nothing of what is counted, and start afresh after the others', async (t) => {
    const { statuses, swap } = await limited(t, route('{count: 1, time_window: 60}'));
    assert.deepEqual(await statuses(2), [200, 503]);
    swap(route('{count: 1, time_window: 60, rejected_code: 429, show_limit_quota_header: false}'));
    assert.deepEqual(await statuses(1), [429]);
    for (const changed of ['{count: 2, time_window: 60}', '{count: 2, time_window: 61}', '{count: 2, time_window: 61, key: uri}', '{count: 2, time_window: 61, key: uri, window_type: sliding}']) {
      swap(route(changed));
      assert.deepEqual(await statuses(3), [200, 200, 503], changed);
    }
    swap(route('{count: 2, time_window: 61}', 'other'));
    assert.deepEqual(await statuses(1), [200], 'the limit of another route');
  });

  test('is bounded in memory: of too many keys those go that were used least lately', async (t) => {
    const { send } = await limited(t, route('{count: 1, time_window: 60, key: http_a}'), '', 10);
    assert.equal(statusOf(await send('/', 'a: kept\r\n')), 200);
    for (let i = 0; i < 50; i++) {
      await send('/', `a: other-${i}\r\n`);
      assert.equal(statusOf(await send('/', 'a: kept\r\n')), 503);
    }
    assert.equal(statusOf(await send('/', 'a: other-0\r\n')), 200, 'long forgotten');
  });
});
