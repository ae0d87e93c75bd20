import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closing } from '../../support/gateway.js';
import { Browser } from './browser.js';
import { claimsSeen, guarded, headerSeen } from './support.js';

const SESSION = 'redirect_uri: /callback, scope: "openid profile offline_access", authorization_params: {prompt: consent}, session: {secret: planted-session-secret}';

suite('openid-connect with logins', { concurrency: false }, () => {
  const scope = closing();
  const ready = guarded(scope, SESSION);

  test('sends a browser to the provider, takes it back to where it wanted to go, and knows it from then on', async () => {
    const { url, provider, upstream, configure } = await ready;
    configure(SESSION);
    const browser = new Browser();
    const first = await browser.get(`${url}/orders?a=1`);
    const away = new URL(first.headers.get('location') ?? '');
    assert.deepEqual([first.status, away.origin, away.searchParams.get('code_challenge_method')], [302, provider.issuer, 'S256']);
    assert.ok(away.searchParams.get('state') && away.searchParams.get('nonce'));
    assert.match(first.headers.get('set-cookie') ?? '', /^session_login=[\w-]+; Path=\/; Max-Age=600; SameSite=Lax; HttpOnly$/);

    const back = await browser.logIn(away.href, 'ann');
    const done = await browser.get(back);
    assert.deepEqual([done.status, done.headers.get('location')], [302, '/orders?a=1']);
    const inside = await browser.get(`${url}/orders?a=1`, { 'x-access-token': 'forged' });
    assert.deepEqual([inside.status, await inside.text()], [200, 'in']);
    assert.equal(claimsSeen(upstream, 'x-id-token')?.['sub'], 'ann');
    assert.equal(claimsSeen(upstream, 'x-userinfo')?.['name'], 'Name of ann');
    assert.ok(headerSeen(upstream, 'x-access-token') && headerSeen(upstream, 'x-access-token') !== 'forged');
    assert.equal(headerSeen(upstream, 'x-refresh-token'), undefined);

    assert.equal((await browser.get(back)).status, 500, 'a code and its state are good for once');
    const cookie = browser.cookie(url, 'session') ?? '';
    browser.setCookie(url, 'session_1', 'of-another-application');
    assert.equal((await browser.get(`${url}/`)).status, 200, 'a cookie with a number behind the name is no piece of this one');
    assert.equal((await fetch(`${url}/`, { redirect: 'manual', headers: { cookie: `session=of-a-host-beside; session=${cookie}` } })).status, 200, 'one that was set elsewhere does not hide it');
    browser.setCookie(url, 'session', `${cookie.slice(0, 40)}${cookie[40] === 'A' ? 'B' : 'A'}${cookie.slice(41)}`);
    assert.equal((await browser.get(`${url}/`)).status, 302, 'a changed cookie is none');
    browser.setCookie(url, 'session', cookie);
    configure(SESSION.replace('planted-session-secret', 'another-session-secret'));
    assert.equal((await browser.get(`${url}/`)).status, 302, 'with another secret there is no session');
  });

  test('is a public client without a client_secret: the code is bound to its login by PKCE alone', async () => {
    const { url, upstream, configure } = await ready;
    configure(`${SESSION}, use_pkce: true`, 'client_id: public');
    const browser = new Browser();
    await browser.enter(`${url}/`, 'ann');
    assert.equal((await browser.get(`${url}/`)).status, 200);
    assert.equal(claimsSeen(upstream, 'x-id-token')?.['sub'], 'ann');
  });

  test('logs out: here, and with the provider', async () => {
    const { url, provider, configure } = await ready;
    configure(`${SESSION}, post_logout_redirect_uri: ${url}/bye`);
    const browser = new Browser();
    await browser.enter(`${url}/`, 'eve');
    assert.equal((await browser.get(`${url}/`)).status, 200);
    const out = await browser.get(`${url}/logout`);
    const away = new URL(out.headers.get('location') ?? '');
    assert.deepEqual([out.status, away.origin, away.searchParams.get('post_logout_redirect_uri')], [302, provider.issuer, `${url}/bye`]);
    assert.ok(away.searchParams.get('id_token_hint'));
    assert.equal((await browser.get(`${url}/`)).status, 302);
  });

  test('takes nobody in by a way back that is not of their own login', async () => {
    const { url, configure } = await ready;
    configure(SESSION);
    const [ann, eve] = [new Browser(), new Browser()];
    const begun = await ann.get(`${url}/`);
    const back = await ann.logIn(begun.headers.get('location') ?? '', 'ann');
    assert.equal((await eve.get(back)).status, 500, 'another browser');
    await eve.get(`${url}/`);
    assert.equal((await eve.get(back)).status, 500, 'another browser, with a login of its own');
    assert.equal((await ann.get(back.replace(/state=[^&]*/, 'state=x'))).status, 500);
    assert.equal((await ann.get(back.replace(/code=[^&]*/, 'code=x'))).status, 500);
    assert.equal((await ann.get(`${url}/callback`)).status, 500);
  });

  test('two tabs may log in at once, and neither leads to another host', async () => {
    const { url, configure } = await ready;
    configure(SESSION);
    const browser = new Browser();
    const [one, two] = [await browser.get(`${url}//evil.example/a`), await browser.get(`${url}/b`)];
    const backs = [await browser.logIn(one.headers.get('location') ?? '', 'ann'), await browser.logIn(two.headers.get('location') ?? '', 'ann')];
    const targets = [];
    for (const back of backs) targets.push((await browser.get(back)).headers.get('location'));
    assert.deepEqual(targets, ['/evil.example/a', '/b']);
  });

  test('denies, or lets pass without a name, when it is told to; what a form sends is never redirected', async () => {
    const { url, upstream, configure } = await ready;
    configure(`${SESSION}, unauth_action: deny`);
    assert.equal((await new Browser().get(`${url}/`)).status, 401);
    configure(`${SESSION}, unauth_action: pass`);
    assert.equal((await new Browser().get(`${url}/`, { 'x-userinfo': 'forged' })).status, 200);
    assert.equal(headerSeen(upstream, 'x-userinfo'), undefined);
    configure(SESSION);
    assert.equal((await fetch(`${url}/`, { method: 'POST', body: 'a=1', redirect: 'manual' })).status, 401);
  });
});

suite('openid-connect with access tokens that expire', { concurrency: false }, () => {
  const scope = closing();
  const ready = guarded(scope, SESSION, 1);

  test('renews them, once for requests that come together', async () => {
    const { url, upstream } = await ready;
    const browser = new Browser();
    await browser.enter(`${url}/`, 'ann');
    const used = new Set<string | undefined>();
    for (const end = performance.now() + 8000; used.size < 2 && performance.now() < end;) {
      const answers = await Promise.all([browser.get(`${url}/`), browser.get(`${url}/`)]);
      assert.deepEqual(answers.map(({ status }) => status), [200, 200]);
      used.add(headerSeen(upstream, 'x-access-token'));
    }
    assert.equal(used.size, 2);
  });
});
