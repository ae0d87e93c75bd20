import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { ask, connect, get } from '../support/raw.js';
import { closing, startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { startUpstream, type RawUpstream } from '../support/upstream.js';

const guarded = (port: number): string => `
routes:
  - {id: public, uri: /public/*, upstream_id: up}
  - {id: admin, uri: /admin/*, upstream_id: up, plugins: {key-auth: {}}}
  - {id: h, uri: /h, hosts: [routed.test], upstream_id: up}
upstreams: [{id: up, nodes: {"127.0.0.1:${port}": 1}}]
consumers: [{username: tom, plugins: {key-auth: {key: k}}}]`;

describe('targets on their way', () => {
  const suite = closing();
  let upstream: RawUpstream;
  let gateway: TestGateway;
  before(async () => {
    upstream = await startUpstream(suite);
    gateway = await startGateway(suite, guarded(upstream.port));
  });

  const forwarded = async (target: string): Promise<string | number> => {
    const seen = upstream.requests.length;
    const status = statusOf((await ask(gateway.port, get(target))) ?? assert.fail('cut'));
    if (status !== 200) assert.equal(upstream.requests.length, seen, 'a refused target reached the upstream');
    return status === 200 ? (upstream.requests.at(-1)?.target ?? '') : status;
  };

  for (const [target, outcome] of [
    ['/public/a/./b//c?d=%20&e', '/public/a/b/c?d=%20&e'], ['/public/a?', '/public/a?'], ['/public/%41%2f', '/public/%41%2f'],
    ['/public/"<>{}|^`', '/public/"<>{}|^`'], ['//public//a', '/public/a'],
    ['/public/../admin/a', 401], ['/%61dmin/a', 401], ['/x/%2e%2e/admin/a', 401], ['http://test.local/admin/a', 401], ['/public/..%2fadmin/a', 400],
    ['/public\\..\\admin', 400], ['/public/#', 400], ['/public/?a#b', 400], ['/public/\t', 400], ['*', 400], ['test.local:80', 400],
    ['http://test.local/public/a', '/public/a'], ['http://[::1/public/a', 400], ['http://%zz/public/a', 400], ['http://evil:99999/public/a', '/public/a'],
    ['/nowhere', 404], ['/h', 404], ['http://routed.test/h', '/h'], ['http://Routed.TEST:81/h?x', '/h?x'], ['/admin', 404],
  ] as const) {
    it(`${JSON.stringify(target)} comes to ${outcome}`, async () => assert.equal(await forwarded(target), outcome));
  }

  it('bytes beyond ASCII are passed on unchanged, or refused', async () => {
    const outcome = await forwarded('/public/\xe9\xff?\xe9');
    assert.ok(outcome === '/public/\xe9\xff?\xe9' || outcome === 400, String(outcome));
  });

  it('the host of an absolute form goes before the Host header', async () => {
    await forwarded('http://routed.test/h');
    assert.deepEqual(upstream.requests.at(-1)?.headers.filter(([n]) => n.toLowerCase() === 'host'), [['Host', 'routed.test']]);
  });

  it('OPTIONS * and CONNECT reach no upstream', async () => {
    const seen = upstream.requests.length;
    assert.equal(statusOf((await ask(gateway.port, get('*', '', 'OPTIONS'))) ?? assert.fail()), 400);
    assert.equal((await ask(gateway.port, get('test.local:80', '', 'CONNECT')))?.start, 'HTTP/1.1 405 Method Not Allowed');
    assert.equal(upstream.requests.length, seen);
  });

  it('no request without a key reaches a guarded path, however it is written', async (t) => {
    let client = await connect(t, gateway.port);
    for (const target of fc.sample(fc.array(PART, { maxLength: 9 }).map((parts) => `/${parts.join('')}`), { numRuns: 3000, seed: 1 })) {
      client.send(get(target));
      const status = statusOf((await client.response()) ?? assert.fail(`cut at ${target}`));
      assert.ok([200, 400, 401, 404].includes(status), `${status} for ${target}`);
      if (status === 400) client = await connect(t, gateway.port);
    }
    for (const { target } of upstream.requests) assert.doesNotMatch(loosely(target), /^\/admin/, target);
  });
});

const PART = fc.constantFrom('public/', 'admin', '/', '.', '..', '%2e', '%2f', '%5c', '%25', '%252e', ';', '?', '@', ':', 'a', '//', '/../', '..;/', '%61dmin', 'public/..');

function loosely(target: string): string {
  const decode = (text: string): string => text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const path = decode(decode(target.split('?', 1)[0] ?? '')).replaceAll('\\', '/');
  const out: string[] = [];
  for (const part of path.split('/').map((s) => s.replace(/;.*/s, '')).filter((s) => s !== '' && s !== '.')) {
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}
