import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect, get } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { answer, startUpstream } from '../support/upstream.js';
import { createProxy, livePasses } from '../../src/proxy/forward.js';
import { Tunnels } from '../../src/proxy/tunnels.js';

/** What an attacker would like an upstream to take for a request. */
const INNER = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';
const hex = INNER.length.toString(16);
const CHUNKS = `${hex}\r\n${INNER}\r\n0\r\n\r\n`;

const SHAPES: readonly (readonly [name: string, head: string, body: string])[] = [
  ['a chunked body', 'Transfer-Encoding: chunked\r\n', CHUNKS],
  ['a chunked body with extensions', 'Transfer-Encoding: chunked\r\n', `${hex};a=b\r\n${INNER}\r\n0;c\r\n\r\n`],
  ['a chunked body with trailers', 'Transfer-Encoding: chunked\r\nTrailer: content-length\r\n', `${hex}\r\n${INNER}\r\n0\r\nContent-Length: 5\r\nX-Consumer-Username: root\r\n\r\n`],
  ['a coding in capitals', 'Transfer-Encoding: CHUNKED\r\n', CHUNKS],
  ['a coding with a tab', 'Transfer-Encoding:\tchunked\r\n', CHUNKS],
  ['a body of known length', `Content-Length: ${INNER.length}\r\n`, INNER],
  ['a length with zeros', `Content-Length: 000${INNER.length}\r\n`, INNER],
  ['both framings', `Content-Length: ${CHUNKS.length}\r\nTransfer-Encoding: chunked\r\n`, CHUNKS],
  ['both, the other way round', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', CHUNKS],
  ['two lengths', `Content-Length: 0\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['a list of lengths', `Content-Length: 0, ${INNER.length}\r\n`, INNER],
  ['an unknown coding', 'Transfer-Encoding: xchunked\r\n', CHUNKS],
  ['chunked not last', 'Transfer-Encoding: chunked, gzip\r\n', CHUNKS],
  ['a space before the colon', 'Transfer-Encoding : chunked\r\n', CHUNKS],
  ['a folded coding', 'Transfer-Encoding:\r\n chunked\r\n', CHUNKS],
  ['an underscore coding', `Transfer_Encoding: chunked\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['Connection naming the length', `Connection: content-length\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['Connection naming the coding', 'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n', CHUNKS],
  ['Connection naming the host', `Connection: close, host\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['Expect', `Expect: 100-continue\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['Expect with chunks', 'Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n', CHUNKS],
  ['an upgrade with a body', `Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['an h2c upgrade', `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['bare line feeds', `X: y\nContent-Length: ${INNER.length}\r\n`, INNER],
  ['a chunk size beyond all numbers', 'Transfer-Encoding: chunked\r\n', `10000000000000000${hex}\r\n${INNER}\r\n0\r\n\r\n`],
  ['a chunk size with a sign', 'Transfer-Encoding: chunked\r\n', `+${hex}\r\n${INNER}\r\n0\r\n\r\n`],
  ['chunks that end in line feeds', 'Transfer-Encoding: chunked\r\n', `${hex}\n${INNER}\n0\n\n`],
];

describe('what the upstream reads is what was forwarded', () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    for (const version of ['1.1', '1.0']) {
      it(`${method} over HTTP/${version}`, async (t) => {
        const upstream = await startUpstream(t, ({ target }) => answer(target));
        const gateway = await startGateway(t, openTo(upstream.port, 'keepalive_pool: {size: 1}'));
        const victim = await connect(t, gateway.port);
        let nonce = 0;
        for (const [name, head, body] of SHAPES) {
          const before = upstream.requests.length;
          const attacker = await connect(t, gateway.port);
          attacker.send(`${method} /outer HTTP/${version}\r\nHost: h\r\n${head}\r\n${body}`);
          const reply = await attacker.response(method);
          attacker.socket.destroy();

          const path = `/victim/${nonce++}`;
          victim.send(get(path));
          assert.equal((await victim.response())?.body, path, `the victim's answer after ${name}`);
          const arrived = upstream.requests.slice(before);
          assert.deepEqual(upstream.garbage, [], name);
          assert.ok(arrived.every((r) => r.target === '/outer' || r.target === path), `${name}: ${arrived.map((r) => r.target).join()}`);
          assert.ok(arrived.filter((r) => r.target === '/outer').length <= 1, name);
          const outer = arrived.find((r) => r.target === '/outer');
          if (reply && statusOf(reply) === 200) assert.ok(outer && ['', INNER].includes(outer.body), name);
        }
      });
    }
  }

  it('chunks stay chunks, and a length stays a length', async (t) => {
    const upstream = await startUpstream(t);
    const gateway = await startGateway(t, openTo(upstream.port));
    const client = await connect(t, gateway.port);
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      await client.send(`${method} / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`).response();
      await client.send(`${method} / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi`).response();
      assert.deepEqual(upstream.requests.slice(-2).map((r) => [r.method, r.framing, r.body]), [[method, 'chunked', 'hi'], [method, 'length', 'hi']]);
    }
    await client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n').response();
    assert.deepEqual(upstream.requests.at(-1)?.headers.filter(([n]) => /length|coding/i.test(n)), [['Content-Length', '0']]);
  });
});

describe('the embedded proxy', () => {
  it('runs no pass that takes the framing off a request, and never its own stream', () => {
    const names = livePasses(createProxy(() => {}, new Tunnels(() => assert.fail()))).map((pass) => pass.name);
    assert.ok(!names.includes('deleteLength'), names.join());
    assert.ok(names.indexOf('forward') < names.indexOf('stream') && names.includes('forward'), names.join());
  });
});
