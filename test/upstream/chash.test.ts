import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { connect } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

/** Which of five nodes a request went to. */
async function nodesFor(t: Parameters<typeof startUpstream>[0], rule: string): Promise<(head: string) => Promise<string>> {
  const upstreams = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => startUpstream(t, () => answer(name))));
  const gateway: TestGateway = await startGateway(t, `
consumers:
  - {username: tom, plugins: {key-auth: {key: of-tom}}}
  - {username: ann, plugins: {key-auth: {key: of-ann}}}
routes:
  - uri: /*
    ${rule.includes('consumer') ? 'plugins: {key-auth: {}}' : ''}
    upstream:
      type: chash
      ${rule}
      nodes: [${upstreams.map(({ port }) => `{host: 127.0.0.1, port: ${port}, weight: 1}`).join(', ')}]`);
  const client = await connect(t, gateway.port);
  return async (head) => (await client.send(head).response())?.body ?? assert.fail('cut');
}

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`;
const MANY = Array.from({ length: 40 }, (_, i) => String(i));

describe('chash', () => {
  for (const [rule, request] of [
    ['key: arg_session', (value: string) => get(`/?session=${value}`)],
    ['key: uri', (value: string) => get(`/${value}`)],
    ['{hash_on: header, key: X-Session}', (value: string) => get('/', `x-session: ${value}\r\n`)],
    ['{hash_on: cookie, key: session}', (value: string) => get('/', `Cookie: a=1; session=${value}; b=2\r\n`)],
    ['{hash_on: vars_combinations, key: "$uri-$http_x_part"}', (value: string) => get('/fixed', `X-Part: ${value}\r\n`)],
  ] as const) {
    it(`sends requests of one value to one node: ${rule}`, async (t) => {
      const ask = await nodesFor(t, rule.replace(/^\{(.*), key/, '$1\n      key').replace(/\}$/, ''));
      const first: string[] = [];
      for (const value of MANY) first.push(await ask(request(value)));
      assert.ok(new Set(first).size > 2);
      const again: string[] = [];
      for (const value of MANY) again.push(await ask(request(value)));
      assert.deepEqual(again, first);
    });

    it(`goes by the client's address without that value: ${rule}`, async (t) => {
      if (rule.includes('uri')) return;
      const ask = await nodesFor(t, rule.replace(/^\{(.*), key/, '$1\n      key').replace(/\}$/, ''));
      const nodes = new Set<string>();
      for (const value of MANY) nodes.add(await ask(get(`/${value}`)));
      assert.equal(nodes.size, 1);
    });
  }

  it('goes by the consumer with `hash_on: consumer`', async (t) => {
    const ask = await nodesFor(t, 'hash_on: consumer');
    for (const key of ['of-tom', 'of-ann']) {
      const nodes = new Set<string>();
      for (const value of MANY) nodes.add(await ask(get(`/${value}`, `apikey: ${key}\r\n`)));
      assert.equal(nodes.size, 1);
    }
  });
});
