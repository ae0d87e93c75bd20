import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { startGateway } from '../../support/gateway.js';
import { answer, startUpstream } from '../../support/upstream.js';
import { Browser } from './browser.js';
import { startFakeProvider } from './fake-provider.js';
import { headerSeen } from './support.js';

/** A gateway in front of a provider that may lie, and a browser that comes back from it. */
async function guarded(t: TestContext) {
  const [provider, upstream] = [await startFakeProvider(t), await startUpstream(t, () => answer('in'))];
  const plugin = `plugins: {openid-connect: {client_id: gateway, client_secret: planted-client-secret, discovery: "${provider.discovery}", use_nonce: false, redirect_uri: /callback, session: {secret: planted-session-secret}}}`;
  const { port } = await startGateway(t, `
routes: [{id: some, uri: /some, upstream_id: up, ${plugin}}, {id: all, uri: /*, upstream_id: up, ${plugin}}]
upstreams: [{id: up, nodes: {"127.0.0.1:${upstream.port}": 1}}]`);
  const url = `http://127.0.0.1:${port}`;
  const comeBack = async (browser: Browser): Promise<number> => {
    const away = new URL((await browser.get(`${url}/`)).headers.get('location') ?? '');
    return (await browser.get(`${url}/callback?code=c&state=${away.searchParams.get('state') ?? ''}`)).status;
  };
  return { provider, upstream, url, comeBack };
}

suite('openid-connect with the tokens of a login', () => {
  test('takes no ID token that the provider has not signed', async (t) => {
    const { provider, url, comeBack } = await guarded(t);
    const browser = new Browser();
    provider.forges = true;
    assert.equal(await comeBack(browser), 500);
    assert.equal((await browser.get(`${url}/`)).status, 302);
    provider.forges = false;
    assert.equal(await comeBack(browser), 302);
    assert.equal((await browser.get(`${url}/`)).status, 200);
  });

  test('renews them once, also for requests that were sent before the answer that brings them, on whatever route', async (t) => {
    const { provider, upstream, url, comeBack } = await guarded(t);
    const browser = new Browser();
    provider.seconds = 1;
    assert.equal(await comeBack(browser), 302);
    provider.seconds = 600;
    const session = browser.cookie(url, 'session') ?? '';
    assert.equal((await browser.get(`${url}/`)).status, 200);
    const first = headerSeen(upstream, 'x-access-token');
    for (const end = performance.now() + 5000; headerSeen(upstream, 'x-access-token') === first && performance.now() < end;) {
      browser.setCookie(url, 'session', session);
      assert.equal((await browser.get(`${url}/`)).status, 200);
    }
    const renewed = headerSeen(upstream, 'x-access-token');
    for (const path of ['/', '/some']) {
      browser.setCookie(url, 'session', session);
      assert.equal((await browser.get(`${url}${path}`)).status, 200);
      assert.equal(headerSeen(upstream, 'x-access-token'), renewed);
    }
    assert.deepEqual(provider.renewals, ['refresh-1']);
  });
});
