import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, until } from '../support/raw.js';
import { pem, startSecure, yamlBlock, type SecureUpstream } from '../support/secure-upstream.js';
import { answer, startHostile } from '../support/upstream.js';

const CA = `ca: ${yamlBlock(pem('ca'))}`;

/** One https upstream behind every path; `tls` are lines below `tls:`. */
const config = (node: string, tls: string, more = ''): string => `
routes: [{id: all, uri: /*, upstream_id: up}]
upstreams:
  - id: up
    scheme: https
    nodes: {"${node}": 1}
    ${more}
    tls:
      verify: true
      ${tls}`;

const through = (t: TestContext, upstream: SecureUpstream, tls = CA, more = '', host = '127.0.0.1'): Promise<TestGateway> =>
  startGateway(t, config(`${host}:${upstream.port}`, tls, more));

async function statusFor(gateway: TestGateway, host = 'api.test'): Promise<number> {
  const message = await ask(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 5000);
  return message ? statusOf(message) : 0;
}

describe('an https upstream', () => {
  it('is shown the certificate that is named', async (t) => {
    const upstream = await startSecure(t, 'server', { requestCert: true, ca: pem('ca'), rejectUnauthorized: true });
    const ssls = `ssls:\n  - id: 7\n    type: client\n    cert: ${yamlBlock(pem('client'), 6)}    key: ${yamlBlock(pem('client.key'), 6)}`;
    const gateway = await startGateway(t, `${config(`127.0.0.1:${upstream.port}`, `${CA}      client_cert_id: "7"`)}\n${ssls}`);
    assert.equal(await statusFor(gateway), 200);
    assert.deepEqual(upstream.clients, ['gateway client']);
  });

  it('is spoken to over one kept TLS connection', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    for (let i = 0; i < 5; i++) assert.equal(await statusFor(gateway), 200);
    assert.deepEqual([upstream.names, upstream.hosts.length], [['api.test'], 5]);
  });

  for (const [certificate, tls, code] of [
    ['server', '', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'], ['self-signed', '', 'DEPTH_ZERO_SELF_SIGNED_CERT'], ['self-signed', CA, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', CA, 'CERT_HAS_EXPIRED'], ['named', CA, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`with a bad certificate is a 502, again and again: ${code} of ${certificate} over ${maxVersion}`, async (t) => {
        const upstream = await startSecure(t, certificate, { maxVersion });
        const gateway = await through(t, upstream, tls);
        // a session of a refused connection must not be resumed
        for (let i = 0; i < 3; i++) assert.equal(await statusFor(gateway), 502);
        assert.deepEqual(upstream.hosts, []);
        assert.deepEqual([...new Set(gateway.faults)], [code]);
        assert.deepEqual(gateway.events[0], { type: 'node-failed', upstream: 'upstream/up', node: `127.0.0.1:${upstream.port}`, fault: code });
      });
    }

    it(`may have it when nobody verifies: ${code} of ${certificate}`, async (t) => {
      const upstream = await startSecure(t, certificate);
      const gateway = await startGateway(t, config(`127.0.0.1:${upstream.port}`, tls).replace('verify: true', 'verify: false'));
      assert.equal(await statusFor(gateway), 200);
    });
  }

  it('with a bad certificate is passed over for another node, whatever the method: nothing was sent', async (t) => {
    const [bad, good] = [await startSecure(t, 'expired'), await startSecure(t)];
    const gateway = await startGateway(t, config(`127.0.0.1:${bad.port}`, CA).replace(/nodes: .*/, `nodes: {"127.0.0.1:${bad.port}": 1, "127.0.0.1:${good.port}": 1}`));
    for (let i = 0; i < 3; i++) {
      const message = await ask(gateway.port, 'POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 2\r\n\r\nhi');
      assert.equal(message && statusOf(message), 200);
    }
    assert.deepEqual([bad.hosts.length, good.hosts.length], [0, 3]);
  });

  it('that does not finish the handshake in time is a 504', async (t) => {
    const mute = await startHostile(t, () => {});
    const gateway = await startGateway(t, config(`127.0.0.1:${mute.port}`, CA, 'timeout: {connect: 0.2, send: 5, read: 5}'));
    assert.equal(await statusFor(gateway), 504);
    await until(() => mute.open() === 0);
  });

  it('that speaks plain text is a 502', async (t) => {
    const plain = await startHostile(t, (socket) => socket.once('data', () => socket.end(answer('', '', '400 Bad Request'))));
    const gateway = await startGateway(t, config(`127.0.0.1:${plain.port}`, CA));
    assert.equal(await statusFor(gateway), 502);
    assert.match(gateway.faults.join(), /^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/);
  });

  it('passes large bodies both ways', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    const large = 'x'.repeat(3_000_000);
    const message = await ask(gateway.port, `POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: ${large.length}\r\n\r\n${large}`, 5000);
    assert.equal(message?.body, large);
  });

  it('is no longer believed once a reload takes its authority away', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    assert.equal(await statusFor(gateway), 200);
    gateway.swap(config(`127.0.0.1:${upstream.port}`, ''));
    assert.equal(await statusFor(gateway), 502);
  });

  it('keeps its connections over a reload that leaves them alone', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    await statusFor(gateway);
    gateway.swap(config(`127.0.0.1:${upstream.port}`, CA));
    await statusFor(gateway);
    assert.equal(upstream.names.length, 1);
  });

  it('loses every connection, whatever its name, once no configuration has it', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    for (const host of ['api.test', 'a.wild.test', 'b.wild.test']) assert.equal(await statusFor(gateway, host), 200);
    assert.equal(upstream.open(), 3);
    gateway.swap('routes: []');
    await until(() => upstream.open() === 0);
  });

  it('resumes its session on the next connection', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream, CA, 'keepalive_pool: {requests: 1}');
    for (let i = 0; i < 3; i++) assert.equal(await statusFor(gateway), 200);
    assert.deepEqual(upstream.resumed, [false, true, true]);
  });
});

describe('the server name', () => {
  for (const [what, more, host, expected, sent] of [
    ['the client\'s Host', '', 'Api.Test', 'api.test', 'Api.Test'],
    ['the client\'s Host without its port and root dot', '', 'api.test.:9080', 'api.test', 'api.test.:9080'],
    ['the node\'s with `pass_host: node`', 'pass_host: node', 'other.test', 'localhost', 'localhost:PORT'],
    ['`upstream_host` with `pass_host: rewrite`', 'pass_host: rewrite\n    upstream_host: api.test:8443', 'other.test', 'api.test', 'api.test:8443'],
    ['the node\'s where the Host is an address', '', '127.0.0.1:9080', 'localhost', '127.0.0.1:9080'],
    ['the node\'s where the Host is an IPv6 address', '', '[::1]:9080', 'localhost', '[::1]:9080'],
    ['the node\'s where the Host does not fit', '', `${'a.'.repeat(150)}test`, 'localhost', `${'a.'.repeat(150)}test`],
  ] as const) {
    it(`is ${what}`, async (t) => {
      const upstream = await startSecure(t);
      const gateway = await through(t, upstream, CA, more, 'localhost');
      assert.equal(await statusFor(gateway, host), 200);
      assert.deepEqual([upstream.names, upstream.hosts], [[expected], [sent.replace('PORT', String(upstream.port))]]);
    });
  }

  it('is none where Host and node are addresses; the certificate must be for the address', async (t) => {
    const [good, bad] = [await startSecure(t), await startSecure(t, 'named')];
    assert.equal(await statusFor(await through(t, good), '127.0.0.1'), 200);
    assert.equal(await statusFor(await through(t, bad), '127.0.0.1'), 502);
    assert.deepEqual([good.names, bad.hosts], [[false], []]);
  });

  it('of one request never serves another: each has connections of its own, verified for it', async (t) => {
    const upstream = await startSecure(t, 'named');
    const gateway = await through(t, upstream);
    for (const [host, status] of [['named.test', 200], ['api.test', 502], ['NAMED.test:1', 200], ['evil.test', 502], ['named.test', 200], ['api.test', 502]] as const) {
      assert.equal(await statusFor(gateway, host), status, host);
    }
    assert.deepEqual(upstream.hosts, ['named.test', 'NAMED.test:1', 'named.test']);
    assert.equal(upstream.names.filter((name) => name === 'named.test').length, 1);
  });

  it('may be any: those used longest ago are forgotten, and their connections closed', async (t) => {
    const upstream = await startSecure(t);
    const gateway = await through(t, upstream);
    for (let i = 0; i < 100; i++) assert.equal(await statusFor(gateway, `n${i}.wild.test`), 200);
    assert.ok(upstream.open() <= 65, `${upstream.open()} connections`);
    assert.equal(await statusFor(gateway, 'n0.wild.test'), 200);
    assert.equal(upstream.names.length, 101);
    assert.equal(await statusFor(gateway, 'n99.wild.test'), 200);
    assert.equal(upstream.names.length, 101);
  });

  for (const host of ['', '%00', 'a_b', 'x..y', '.', '-', '*', `${'a'.repeat(300)}`, 'xn--', '1.2.3', '0x7f.1', 'a,b', "a'b"]) {
    it(`may be odd without harm: ${JSON.stringify(host.slice(0, 20))}`, async (t) => {
      const upstream = await startSecure(t);
      const gateway = await through(t, upstream);
      // the certificate is for the node's address; some are no host at all
      assert.ok([200, 400].includes(await statusFor(gateway, host)));
    });
  }
});

describe('a client certificate', () => {
  const MUTUAL = { requestCert: true, ca: pem('ca') };
  const CLIENT = `${CA}      client_cert: ${yamlBlock(pem('client'))}      client_key: ${yamlBlock(pem('client.key'))}`;

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`is shown to the nodes over ${maxVersion}, on resumed sessions too`, async (t) => {
      const upstream = await startSecure(t, 'server', { ...MUTUAL, maxVersion });
      const gateway = await through(t, upstream, CLIENT, 'keepalive_pool: {requests: 1}');
      for (let i = 0; i < 2; i++) assert.equal(await statusFor(gateway), 200);
      assert.equal(upstream.clients[0], 'gateway client');
    });

    it(`that is missing is a 502 over ${maxVersion}`, async (t) => {
      const upstream = await startSecure(t, 'server', { ...MUTUAL, maxVersion });
      assert.equal(await statusFor(await through(t, upstream)), 502);
      assert.deepEqual(upstream.hosts, []);
    });
  }

  it('makes connections of its own: another upstream of the same node shows none', async (t) => {
    const upstream = await startSecure(t, 'server', { ...MUTUAL, rejectUnauthorized: false });
    const gateway = await startGateway(t, `${config(`127.0.0.1:${upstream.port}`, CLIENT).replace('/*, upstream_id: up}', '/a, upstream_id: up}, {id: b, uri: /b, upstream_id: bare}')}
  - id: bare
    scheme: https
    nodes: {"127.0.0.1:${upstream.port}": 1}
    tls:
      ${CA}`);
    for (const path of ['/a', '/b']) assert.ok(await ask(gateway.port, `GET ${path} HTTP/1.1\r\nHost: api.test\r\n\r\n`));
    assert.deepEqual(upstream.clients, ['gateway client', undefined]);
  });
});
