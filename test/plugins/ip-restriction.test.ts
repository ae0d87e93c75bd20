import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { behind, told } from '../support/behind.js';

const TRUSTING = 'gateway: {trusted_proxies: [127.0.0.1]}\n';
const REFUSAL = '{"message":"Your IP address is not allowed"}\n';

/** The statuses that clients of some addresses get. */
async function statuses(t: Parameters<typeof behind>[0], options: string, addresses: readonly string[]): Promise<number[]> {
  const { send } = await behind(t, `{ip-restriction: ${options}}`, TRUSTING);
  const found: number[] = [];
  for (const address of addresses) found.push((await send('/', `X-Forwarded-For: ${address}\r\n`)).status);
  return found;
}

suite('ip-restriction', () => {
  test('lets through the addresses and networks of a whitelist, and nobody else', async (t) => {
    assert.deepEqual(await statuses(t, '{whitelist: [10.1.0.0/16, 192.0.2.7, "2001:db8::/32"]}', ['10.1.255.1', '192.0.2.7', '2001:db8:5::1', '::ffff:10.1.2.3', '10.2.0.1', '192.0.2.8', '2001:db9::1']), [200, 200, 200, 200, 403, 403, 403]);
  });

  test('keeps out those of a blacklist', async (t) => {
    assert.deepEqual(await statuses(t, '{blacklist: ["::1", "fe80::/32", 203.0.113.0/24]}', ['::1', 'fe80::1:1', '203.0.113.9', '203.0.114.9', '2001:db8::1']), [403, 403, 403, 200, 200]);
  });

  test('knows an address whatever interface it came by', async (t) => {
    const addresses = ['fe80::1:1%eth0', '::ffff:203.0.113.9%1', '2001:db8::1%eth0'];
    assert.deepEqual(await statuses(t, '{blacklist: ["fe80::/32", 203.0.113.0/24]}', addresses), [403, 403, 200]);
    assert.deepEqual(await statuses(t, '{whitelist: ["fe80::/32", 203.0.113.0/24]}', addresses), [200, 200, 403]);
  });

  test('goes by the connection where no proxy is believed', async (t) => {
    const { send } = await behind(t, '{ip-restriction: {whitelist: [192.0.2.7]}}');
    const { status, answer, seen } = await send('/', 'X-Forwarded-For: 192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n');
    assert.deepEqual([status, answer.body, seen], [403, REFUSAL, undefined]);
  });

  test('says what it is told to say, with the status that it is told to', async (t) => {
    const { send } = await behind(t, '{ip-restriction: {blacklist: [127.0.0.1], message: go home, response_code: 404}}');
    const { status, answer } = await send();
    assert.deepEqual([status, answer.body], [404, '{"message":"go home"}\n']);
  });

  test('refuses a file with what is no address, with both lists, with none and with an empty one', () => {
    assert.deepEqual(told('{ip-restriction: {whitelist: [10.0.0.0/8, 10.0.0.0/33, shop.example]}}'), ['error: this is no address and no CIDR, such as 10.0.0.7 or 10.0.0.0/8', 'error: this is no address and no CIDR, such as 10.0.0.7 or 10.0.0.0/8']);
    for (const options of ['{}', '{whitelist: []}', '{whitelist: [10.0.0.1], blacklist: [10.0.0.2]}', '{blacklist: [10.0.0.1], message: ""}', '{blacklist: [10.0.0.1], response_code: 500}', '{blacklist: [10.0.0.1], list: 1}']) {
      assert.match(told(`{ip-restriction: ${options}}`).join('\n'), /^error/, options);
    }
  });
});
