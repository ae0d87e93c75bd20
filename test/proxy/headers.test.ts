import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ask, connect, get } from '../support/raw.js';
import { closing, openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { answer, startUpstream, type RawUpstream } from '../support/upstream.js';

const IDENTITY = ['X-Consumer-Username', 'X-Credential-Identifier', 'X-Consumer-Custom-ID'];
const spellings = (name: string): string[] => [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.'), name.replace('-', '_').toLowerCase()];

const yaml = (port: number): string => `
routes:
  - {id: open, uri: /open, upstream_id: up}
  - {id: anonymous, uri: /anonymous, upstream_id: up, plugins: {key-auth: {anonymous_consumer: nobody}}}
  - {id: guarded, uri: /guarded, upstream_id: up, plugins: {key-auth: {hide_credentials: true}}}
  - {id: node, uri: /node, upstream: {pass_host: node, nodes: {"127.0.0.1:${port}": 1}}}
  - {id: rewrite, uri: /rewrite, upstream: {pass_host: rewrite, upstream_host: inner.test, nodes: {"127.0.0.1:${port}": 1}}}
upstreams: [{id: up, nodes: {"127.0.0.1:${port}": 1}}]
consumers:
  - {username: tom, labels: {custom_id: t-1}, plugins: {key-auth: {key: k}}}
  - {username: nobody}`;

describe('request headers', () => {
  const suite = closing();
  let upstream: RawUpstream;
  let gateway: TestGateway;
  before(async () => {
    upstream = await startUpstream(suite);
    gateway = await startGateway(suite, yaml(upstream.port));
  });

  const send = async (request: string): Promise<Message> => {
    const client = await connect(suite, gateway.port);
    const message = await client.send(request).response(request.split(' ', 1)[0]);
    assert.equal(message && statusOf(message), 200, message?.start);
    assert.deepEqual(upstream.garbage, []);
    return upstream.requests.at(-1) ?? assert.fail('nothing arrived');
  };

  for (const [path, expected] of [['/open', []], ['/anonymous', ['nobody']], ['/guarded', ['tom', 't-1']]] as const) {
    const key = path === '/guarded' ? 'apikey: k\r\n' : '';
    const check = (seen: Message): void => {
      const ours = seen.headers.filter(([n]) => IDENTITY.some((i) => i.toLowerCase() === n.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')));
      assert.deepEqual(ours.map(([, v]) => v), expected);
      assert.ok(ours.every(([n]) => IDENTITY.includes(n)));
      assert.doesNotMatch(JSON.stringify(seen), /root/);
    };
    const forged = IDENTITY.flatMap(spellings).map((n) => `${n}: root\r\n`).join('');

    it(`identity is never the client's word on ${path}`, async () => check(await send(get(path, key + forged + forged))));
    it(`nor when Connection names it, on ${path}`, async () => check(await send(get(path, `${key}Connection: ${IDENTITY.join(', ')}\r\n${forged}`))));
    it(`nor with Expect, on ${path}`, async () => check(await send(`POST ${path} HTTP/1.1\r\nHost: h\r\n${key}${forged}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`)));
    it(`nor on an upgrade, on ${path}`, async () => check(await send(get(path, `${key}${forged}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n`))));
    it(`nor in trailers, on ${path}`, async () => check(await send(`POST ${path} HTTP/1.1\r\nHost: h\r\n${key}Trailer: X-Consumer-Username\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n${forged}\r\n`)));
    it(`nor over HTTP/1.0, on ${path}`, async () => check(await send(`GET ${path} HTTP/1.0\r\nHost: h\r\n${key}${forged}\r\n`)));
  }

  it('a hidden key does not reach the upstream', async () => assert.doesNotMatch(JSON.stringify(await send(get('/guarded', 'ApiKey: k\r\n'))), /apikey/i));

  it('end in what concerns two neighbours only', async () => {
    const hop = 'TE: trailers\r\nKeep-Alive: timeout=9\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\nProxy-Authenticate: x\r\nTrailer: x\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n';
    const seen = await send(get('/open', `${hop}Connection: close, X-Named , x-other,,TE\r\nX-Named: 1\r\nx-OTHER: 2\r\nX-Kept: 3\r\n`));
    for (const name of ['te', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'proxy-authenticate', 'trailer', 'upgrade', 'http2-settings', 'x-named', 'x-other', 'expect']) assert.deepEqual(values(seen, name), [], name);
    assert.deepEqual(values(seen, 'x-kept'), ['3']);
    assert.notEqual(values(seen, 'connection').join(), 'close');
  });

  it('keep length, coding and host when Connection names them', async () => {
    const seen = await send('POST /open HTTP/1.1\r\nHost: h\r\nConnection: content-length, host, transfer-encoding\r\nContent-Length: 2\r\n\r\nhi');
    assert.deepEqual([values(seen, 'host'), seen.body], [['h'], 'hi']);
    assert.equal((await send('POST /open HTTP/1.1\r\nHost: h\r\nConnection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n')).body, 'hi');
  });

  it('have no second spelling of length and coding', async () => {
    const seen = await send(get('/open', 'Content_Length: 5\r\nTransfer.Encoding: chunked\r\n'));
    assert.deepEqual(seen.headers.filter(([n]) => /^(content|transfer).(length|encoding)$/i.test(n)), []);
  });

  it('tell of the client only what the gateway saw', async () => {
    const forged = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Real-IP', 'Forwarded', 'X_Forwarded_For', 'x.real.ip'].map((n) => `${n}: 6.6.6.6\r\n`).join('');
    const seen = await send(`GET /open HTTP/1.1\r\nHost: Some.Test:81\r\n${forged}${forged}\r\n`);
    assert.doesNotMatch(JSON.stringify(seen.headers), /6\.6\.6\.6/);
    for (const [name, value] of [['x-forwarded-for', '127.0.0.1'], ['x-real-ip', '127.0.0.1'], ['x-forwarded-proto', 'http'], ['x-forwarded-host', 'Some.Test:81'], ['x-forwarded-port', '81']] as const) {
      assert.deepEqual(values(seen, name), [value], name);
    }
    assert.deepEqual(values(seen, 'forwarded'), []);
    assert.deepEqual(values(await send(get('/open')), 'x-forwarded-port'), [String(gateway.port)]);
  });

  it('keep their order, case and repetition', async () => {
    const seen = await send(get('/open', 'x-B: 1\r\nX-a: 2\r\nCOOKIE: c=1\r\nx-B: 3\r\nAccept: */*\r\nCookie: d=2\r\nX-Empty:\r\nX-Latin: \xe9\r\n'));
    const own = seen.headers.filter(([n]) => !/^(host|connection|x-forwarded|x-real)/i.test(n));
    assert.deepEqual(own, [['x-B', '1'], ['X-a', '2'], ['COOKIE', 'c=1'], ['x-B', '3'], ['Accept', '*/*'], ['Cookie', 'd=2'], ['X-Empty', ''], ['X-Latin', '\xe9']]);
  });

  it('reach the upstream under names that objects have', async () => {
    const seen = await send(get('/open', '__proto__: 1\r\nconstructor: 2\r\nhasOwnProperty: 3\r\n'));
    assert.deepEqual(['__proto__', 'constructor', 'hasownproperty'].map((n) => values(seen, n).join()), ['1', '2', '3']);
  });

  for (const [path, host] of [['/open', 'Client.Test:8080'], ['/node', undefined], ['/rewrite', 'inner.test']] as const) {
    it(`Host on ${path} is ${host ?? 'that of the node'}`, async () => {
      const seen = await send(`GET ${path} HTTP/1.1\r\nHost: Client.Test:8080\r\n\r\n`);
      assert.deepEqual(values(seen, 'host'), [host ?? `127.0.0.1:${upstream.port}`]);
    });
  }

  it('get a Host where HTTP/1.0 sent none', async () => assert.notEqual(values(await send('GET /open HTTP/1.0\r\n\r\n'), 'host').join(), ''));

  for (const [name, status, head] of [
    ['two Hosts', 400, 'Host: a\r\nHost: a'], ['no Host', 400, 'X: y'], ['a Host with a path', 400, 'Host: a/b'], ['a Host with a user', 400, 'Host: u@a'], ['a Host with a space', 400, 'Host: a b'],
    ['1001 headers', 431, `Host: a${'\r\na: b'.repeat(1001)}`], ['a head of 64 KiB', 431, `Host: a\r\nX: ${'x'.repeat(65_536)}`],
    ['gzip as coding', 501, 'Host: a\r\nTransfer-Encoding: gzip, chunked'], ['an unknown coding', 400, 'Host: a\r\nTransfer-Encoding: cow'], ['identity as coding', 400, 'Host: a\r\nTransfer-Encoding: identity'],
    ['two codings', 501, 'Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked'], ['length and coding', 400, 'Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked'],
    ['two lengths', 400, 'Host: a\r\nContent-Length: 5\r\nContent-Length: 6'], ['a length with a sign', 400, 'Host: a\r\nContent-Length: +5'], ['a folded header', 400, 'Host: a\r\nX: a\r\n b'],
    ['a space before the colon', 400, 'Host: a\r\nX : a'], ['NUL in a value', 400, 'Host: a\r\nX: a\x00b'], ['a bare LF in a head', 400, 'Host: a\nX: b'], ['an unknown expectation', 417, 'Host: a\r\nExpect: tea'],
  ] as const) {
    it(`${name}: refused with ${status}, and nothing is forwarded`, async () => {
      const before = upstream.bytes.join('').length;
      const message = await ask(gateway.port, `POST /open HTTP/1.1\r\n${head}\r\n\r\n`);
      assert.ok(message);
      // a parser may find 400 where another knows better
      assert.ok([status, ...(status === 501 ? [400] : status === 400 ? [501] : [])].includes(statusOf(message)), message.start);
      assert.equal(upstream.bytes.join('').length, before);
    });
  }
});

describe('response headers', () => {
  const exchange = async (t: Parameters<typeof startGateway>[0], head: string): Promise<Message> => {
    const upstream = await startUpstream(t, () => `HTTP/1.1 200 Fine\r\n${head}Content-Length: 2\r\n\r\nok`);
    const gateway = await startGateway(t, openTo(upstream.port));
    return (await ask(gateway.port, get('/'))) ?? assert.fail('cut');
  };

  it('end in what concerns two neighbours only', async (t) => {
    const seen = await exchange(t, 'Connection: X-Named, keep-alive\r\nX-Named: 1\r\nKeep-Alive: timeout=1\r\nTrailer: x\r\nUpgrade: h2c\r\nProxy-Authenticate: Basic\r\nProxy-Connection: x\r\nTE: x\r\nX-Kept: 1\r\n');
    for (const name of ['x-named', 'trailer', 'upgrade', 'proxy-authenticate', 'proxy-connection', 'te']) assert.deepEqual(values(seen, name), [], name);
    assert.deepEqual(values(seen, 'x-kept'), ['1']);
    assert.ok(!values(seen, 'keep-alive').includes('timeout=1'));
  });

  it('keep their order, case and repetition; Server is the gateway', async (t) => {
    const seen = await exchange(t, 'Set-Cookie: a=1\r\nserver: nginx\r\nx-B: 1\r\nset-cookie: b=2\r\nSet-Cookie: c=3\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nWWW-Authenticate: A\r\nWWW-Authenticate: B\r\nX-Latin: \xe9\r\n');
    assert.equal(seen.start, 'HTTP/1.1 200 Fine');
    assert.deepEqual(seen.headers.filter(([n]) => /cookie|^x-|www/i.test(n)), [['Set-Cookie', 'a=1'], ['x-B', '1'], ['set-cookie', 'b=2'], ['Set-Cookie', 'c=3'], ['WWW-Authenticate', 'A'], ['WWW-Authenticate', 'B'], ['X-Latin', '\xe9']]);
    assert.deepEqual(values(seen, 'server'), ['gateway']);
    assert.deepEqual(values(seen, 'date'), ['Thu, 01 Jan 1970 00:00:00 GMT']);
  });

  it('are all there when there are more than a thousand, or it is a 502', async (t) => {
    const seen = await exchange(t, 'a: b\r\n'.repeat(1500));
    assert.ok(statusOf(seen) === 502 || values(seen, 'a').length === 1500);
  });

  it('tell that a failure is the upstream\'s', async (t) => {
    const upstream = await startUpstream(t, () => answer('no', '', '503 Busy'));
    const gateway = await startGateway(t, openTo(upstream.port));
    assert.deepEqual(values((await ask(gateway.port, get('/'))) ?? assert.fail('cut'), 'x-apisix-upstream-status'), ['503']);
  });
});
