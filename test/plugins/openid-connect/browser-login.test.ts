import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM, withoutChromium } from '../../support/chromium.js';
import { claimsSeen, guarded } from './support.js';

test('a real browser logs in, stays, and logs out', { skip: withoutChromium }, async (t) => {
  const { url, upstream } = await guarded(t, 'redirect_uri: /callback, scope: openid profile, session: {secret: planted-session-secret}');
  // as root, which continuous integrations run as, its sandbox does not start
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  t.after(() => browser.close());
  const page = await browser.newPage();

  await page.goto(`${url}/orders?a=1`);
  await page.fill('input[name=login]', 'ann');
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button[type=submit]');
  await page.waitForURL(`${url}/orders?a=1`);
  assert.equal(await page.textContent('body'), 'in');
  assert.equal(claimsSeen(upstream, 'x-userinfo')?.['name'], 'Name of ann');

  await page.goto(`${url}/another`);
  assert.equal(await page.textContent('body'), 'in');
  assert.equal(await page.evaluate('document.cookie'), '', 'no script reads the session');

  await page.goto(`${url}/logout`);
  await page.click('button[name=logout]');
  await page.goto(`${url}/another`);
  assert.notEqual(new URL(page.url()).origin, url);
});
