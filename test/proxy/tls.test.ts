import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { until } from '../support/raw.js';
import { pem } from '../support/secure-upstream.js';
import { demands, listenAlso, shake, site, statusOn } from '../support/tls.js';
import { startUpstream } from '../support/upstream.js';

interface Secured extends TestGateway {
  readonly tls: number;
  readonly seen: readonly string[];
}

async function secured(t: TestContext, ssls: string, block = ''): Promise<Secured> {
  const upstream = await startUpstream(t);
  const gateway = await startGateway(t, `${openTo(upstream.port)}\ngateway: {${block}}\nssls:${ssls}`);
  return Object.assign(gateway, { tls: await listenAlso(t, gateway.gateway, { tls: true, http2: false }), seen: upstream.bytes });
}

const commonName = async (port: number, name: string | undefined): Promise<string | undefined> => {
  const socket = await shake(port, name);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN === undefined ? undefined : String(CN);
};

const refused = (port: number, name: string | undefined, options = {}): Promise<void> => assert.rejects(shake(port, name, options), /alert|ECONNRESET|disconnected/);

describe('TLS', () => {
  it('shows each name its certificate: an exact name before a wildcard, a wildcard at any depth', async (t) => {
    const { tls } = await secured(t, site('"*.wild.test"') + site('named.wild.test, other.test', 'named'));
    assert.deepEqual(await Promise.all(['a.wild.test', 'a.b.WILD.test', 'named.wild.test', 'other.test'].map((name) => commonName(tls, name))), ['server', 'server', 'named', 'named']);
  });

  it('fails the handshake for a name that no certificate is for, and for none', async (t) => {
    const { tls } = await secured(t, site('"*.wild.test"'));
    await refused(tls, 'wild.test');
    await refused(tls, 'else.test');
    await refused(tls, undefined);
  });

  it('lets go of a client that speaks none, also of one that never leaves', async (t) => {
    const { tls } = await secured(t, site('a.test'));
    const open = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = open();
    const clients = [true, false].map((allowHalfOpen) => net.connect({ port: tls, host: '127.0.0.1', allowHalfOpen }).on('error', () => {}));
    clients.forEach((client) => client.write('GET / HTTP/1.1\r\n\r\n'));
    const texts = await Promise.all(clients.map(async (client) => String((await once(client, 'data'))[0])));
    assert.deepEqual(texts.map((text) => text.slice(9, 12)), ['400', '400']);
    // one of the client's own is left
    await until(() => open() <= before + 1, 5000);
    clients.forEach((client) => client.destroy());
  });

  it('takes the fallback for a handshake without a name', async (t) => {
    const { tls } = await secured(t, site('api.test') + site('named.test', 'named'), 'fallback_sni: named.test');
    assert.deepEqual([await commonName(tls, undefined), await commonName(tls, 'api.test')], ['named', 'server']);
  });

  it('tells the upstream that the client came over https', async (t) => {
    const { tls, seen } = await secured(t, site('api.test'));
    assert.equal(await statusOn(await shake(tls, 'api.test'), 'api.test'), 200);
    assert.match(seen[0] ?? '', /X-Forwarded-Proto: https\r\n/);
    assert.match(seen[0] ?? '', new RegExp(`X-Forwarded-Port: ${tls}\r\n`));
  });

  it('speaks the versions that the certificate of the name allows', async (t) => {
    const { tls } = await secured(t, site('api.test', 'server', 'ssl_protocols: [TLSv1.2]') + site('named.test', 'named', 'ssl_protocols: [TLSv1.3]') + site('old.test', 'named', 'ssl_protocols: [TLSv1.1]'));
    assert.equal((await shake(tls, 'api.test')).getProtocol(), 'TLSv1.2');
    assert.equal((await shake(tls, 'named.test')).getProtocol(), 'TLSv1.3');
    assert.equal((await shake(tls, 'old.test', { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' })).getProtocol(), 'TLSv1.1');
    await refused(tls, 'named.test', { maxVersion: 'TLSv1.2' });
  });

  it('answers plain text with 400', async (t) => {
    const { tls } = await secured(t, site('api.test'));
    const socket = net.connect(tls, '127.0.0.1').end('GET / HTTP/1.1\r\nHost: api.test\r\n\r\n');
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 400 Bad Request\r\n/);
  });

  it('reads a ClientHello that comes byte by byte', async (t) => {
    const { tls } = await secured(t, site('api.test'));
    const port = await trickle(t, tls);
    assert.equal(await statusOn(await shake(port, 'api.test'), 'api.test'), 200);
  });

  it('uses the certificates of a new table for new handshakes, and lets old connections be', async (t) => {
    const gateway = await secured(t, site('api.test'));
    const before = await shake(gateway.tls, 'api.test');
    gateway.swap(`routes: []\nssls:${site('api.test', 'named')}`);
    assert.equal(await commonName(gateway.tls, 'api.test'), 'named');
    assert.equal(await statusOn(before, 'api.test'), 404);
  });

  it('resumes sessions across a reload that keeps the certificate, and none of another name', async (t) => {
    const yaml = site('api.test, "*.api.test"') + site('named.test', 'named');
    const gateway = await secured(t, yaml);
    const session = await sessionOf(gateway.tls, 'api.test');
    gateway.swap(`routes: []\nssls:${yaml}`);
    assert.equal((await shake(gateway.tls, 'api.test', { session })).isSessionReused(), true);
    assert.equal((await shake(gateway.tls, 'named.test', { session })).isSessionReused(), false);
  });
});

describe('a certificate that demands one of its clients', () => {
  const client = { cert: pem('client'), key: pem('client.key') };
  const stranger = { cert: pem('self-signed'), key: pem('self-signed.key') };

  it('serves whom the authority knows, and answers others with 400', async (t) => {
    const { tls } = await secured(t, site('api.test', 'server', demands()));
    assert.equal(await statusOn(await shake(tls, 'api.test', client), 'API.test:443'), 200);
    assert.equal(await statusOn(await shake(tls, 'api.test', stranger), 'api.test'), 400);
    assert.equal(await statusOn(await shake(tls, 'api.test'), 'api.test'), 400);
  });

  it('is served only to those who asked for its very name, and they are served no other', async (t) => {
    const { tls } = await secured(t, site('"*.api.test"', 'server', demands()) + site('open.test'));
    assert.equal(await statusOn(await shake(tls, 'a.api.test', client), 'b.api.test'), 400);
    assert.equal(await statusOn(await shake(tls, 'open.test', client), 'a.api.test'), 400);
    assert.equal(await statusOn(await shake(tls, 'a.api.test', client), 'open.test'), 400);
    assert.equal(await statusOn(await shake(tls, 'open.test'), 'open.test'), 200);
    assert.equal(await statusOn(await shake(tls, 'open.test'), 'other.test'), 200);
  });

  it('asks nothing for the paths that are free of it', async (t) => {
    const { tls } = await secured(t, site('api.test', 'server', demands('skip_mtls_uri_regex: ["^/health$"]')));
    const socket = await shake(tls, 'api.test');
    assert.equal(await statusOn(socket, 'api.test', '/health?a'), 200);
    assert.equal(await statusOn(socket, 'api.test', '/health/../x'), 400);
  });

  it('is held against a connection that was open before it was demanded', async (t) => {
    const gateway = await secured(t, site('api.test'));
    const [plain, shown] = [await shake(gateway.tls, 'api.test'), await shake(gateway.tls, 'api.test', client)];
    gateway.swap(`routes: []\nssls:${site('api.test', 'server', demands())}`);
    assert.equal(await statusOn(plain, 'api.test'), 400);
    assert.equal(await statusOn(shown, 'api.test'), 400);
    assert.equal(await statusOn(await shake(gateway.tls, 'api.test', client), 'api.test'), 404);
  });

  it('is not met by a session of another name, nor by one from before', async (t) => {
    const gateway = await secured(t, site('api.test', 'server', demands()) + site('open.test'));
    const session = await sessionOf(gateway.tls, 'open.test', client);
    assert.equal(await statusOn(await shake(gateway.tls, 'api.test', { session }), 'api.test'), 400);
    const own = await sessionOf(gateway.tls, 'api.test', client);
    const again = await shake(gateway.tls, 'api.test', { session: own });
    assert.deepEqual([again.isSessionReused(), await statusOn(again, 'api.test')], [true, 200]);
    gateway.swap(`routes: []\nssls:${site('api.test', 'server', demands('depth: 2'))}`);
    assert.equal(await statusOn(await shake(gateway.tls, 'api.test', { session: own }), 'api.test'), 400);
  });
});

/** A session that a server gave out on a whole request. */
async function sessionOf(port: number, name: string, options = {}): Promise<Buffer> {
  const socket = await shake(port, name, { ...options, maxVersion: 'TLSv1.3' });
  const given = once(socket, 'session');
  await statusOn(socket, name);
  const [session] = await given as [Buffer];
  socket.destroy();
  return session;
}

/** A port through which bytes go one by one to another. */
async function trickle(t: TestContext, to: number): Promise<number> {
  const server = net.createServer((socket) => {
    const there = net.connect(to, '127.0.0.1').setNoDelay(true);
    there.pipe(socket);
    let first = true;
    socket.on('data', (chunk) => {
      if (!first) return void there.write(chunk);
      first = false;
      for (const byte of chunk) there.write(Buffer.of(byte));
    });
    socket.on('close', () => there.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as net.AddressInfo).port;
}
