import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { curl, withoutCurl, type Curled } from '../support/curl.js';
import { openTo, startGateway } from '../support/gateway.js';
import { pemFile } from '../support/secure-upstream.js';
import { demands, listenAlso, site } from '../support/tls.js';
import { answer, startUpstream, type RawUpstream, type Script } from '../support/upstream.js';

const ECHO: Script = ({ target, body }) => answer(body || target);

interface Behind {
  readonly upstream: RawUpstream;
  /** Asks for a path under a name, as somebody who trusts the test authority alone. */
  over(name: string, path: string, ...args: readonly string[]): Promise<Curled>;
  ask(url: string, args: readonly string[], input?: string): Promise<Curled>;
}

/** A gateway over TLS with a certificate for each of two names. */
async function secured(t: TestContext, { more = '', plugins = '' } = {}): Promise<Behind> {
  const upstream = await startUpstream(t, ECHO);
  const routes = openTo(upstream.port).replace('upstream_id: up', `upstream_id: up, plugins: {${plugins}}`);
  const gateway = await startGateway(t, `${routes}\nconsumers: [{username: tom, plugins: {key-auth: {key: toms-secret-key}}}]\nssls:${site('api.test', 'server', more)}${site('named.test', 'named')}`);
  const port = await listenAlso(t, gateway.gateway, { tls: true, http2: true });
  const names = ['api.test', 'named.test', 'else.test'].flatMap((name) => ['--resolve', `${name}:${port}:127.0.0.1`]);
  const ask = (url: string, args: readonly string[], input?: string): Promise<Curled> => curl(['--http2', '--cacert', pemFile('ca'), ...names, ...args, url.replace('PORT', String(port))], input);
  return { upstream, ask, over: (name, path, ...args) => ask(`https://${name}:PORT${path}`, args) };
}

const seen = ({ version, status, body }: Curled): readonly unknown[] => [version, status, body];
const shown = (...names: readonly string[]): string[] => names.flatMap((name) => ['--cert', pemFile(name), '--key', pemFile(`${name}.key`)]);

describe('curl over HTTP/2', { skip: withoutCurl }, () => {
  it('is answered over TLS, and the upstream is asked in HTTP/1.1', async (t) => {
    const { over, upstream } = await secured(t);
    assert.deepEqual(seen(await over('api.test', '/a?b=c')), ['2', 200, '/a?b=c']);
    assert.match(upstream.bytes[0] ?? '', /^GET \/a\?b=c HTTP\/1\.1\r\nHost: api\.test:\d+\r\n/);
  });

  it('sends and gets bodies of megabytes', async (t) => {
    const { ask } = await secured(t);
    const sent = '0123456789abcdef'.repeat(200_000);
    const { version, status, body } = await ask('https://api.test:PORT/', ['--data-binary', '@-'], sent);
    assert.deepEqual([version, status, body === sent], ['2', 200, true]);
  });

  it('asks again on the connection that it has', async (t) => {
    const { ask } = await secured(t);
    const { version, opened, body } = await ask('https://api.test:PORT/[1-5]', []);
    assert.deepEqual([version, opened, body], ['2', 0, '/1/2/3/4/5']);
  });

  it('is refused without a key, and answered with one', async (t) => {
    const { over, upstream } = await secured(t, { plugins: 'key-auth: {}' });
    const { version, status, body } = await over('api.test', '/');
    assert.deepEqual([version, status, body.trim(), upstream.requests.length], ['2', 401, '{"message":"Missing API key in request"}', 0]);
    assert.equal((await over('api.test', '/', '-H', 'apikey: wrong-key')).status, 401);
    assert.deepEqual(seen(await over('api.test', '/in', '-H', 'apikey: toms-secret-key')), ['2', 200, '/in']);
    assert.match(upstream.bytes[0] ?? '', /\r\nX-Consumer-Username: tom\r\n/);
  });

  it('gets through with a certificate of the authority that is asked for, and without one does not', async (t) => {
    const { over, upstream } = await secured(t, { more: demands() });
    assert.deepEqual(seen(await over('api.test', '/in', ...shown('client'))), ['2', 200, '/in']);
    for (const args of [[], shown('self-signed')]) {
      const { version, status } = await over('api.test', '/', ...args);
      assert.deepEqual([version, status], ['2', 400]);
    }
    assert.deepEqual([upstream.requests.length, (await over('named.test', '/')).status], [1, 200]);
  });

  it('is shown the certificate of the name that it asks for, and none for a name that has none', async (t) => {
    const { over } = await secured(t);
    for (const [name, subject] of [['api.test', 'server'], ['named.test', 'named']] as const) {
      const { version, status, told } = await over(name, '/');
      assert.deepEqual([version, status, /subject: CN ?= ?(\S+)/.exec(told)?.[1]], ['2', 200, subject]);
    }
    // 35: the handshake failed
    assert.equal((await over('else.test', '/')).code, 35);
  });

  it('is spoken in plain text with those who know beforehand; who asks for an upgrade stays with HTTP/1.1', async (t) => {
    const upstream = await startUpstream(t, ECHO);
    const gateway = await startGateway(t, openTo(upstream.port));
    const url = `http://127.0.0.1:${await listenAlso(t, gateway.gateway, { tls: false, http2: true })}`;
    assert.deepEqual(seen(await curl(['--http2-prior-knowledge', `${url}/a`])), ['2', 200, '/a']);
    assert.deepEqual(seen(await curl(['--http2-prior-knowledge', '--data', 'body', url])), ['2', 200, 'body']);
    assert.deepEqual(seen(await curl(['--http2', `${url}/a`])), ['1.1', 200, '/a']);
    assert.deepEqual(seen(await curl([`${url}/a`])), ['1.1', 200, '/a']);
  });
});
