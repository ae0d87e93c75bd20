import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { createServer } from '../../src/proxy/server.js';
import { check, places } from '../config/check.js';
import { closing, openTo, startGateway, type TestGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { ask, RawClient } from '../support/raw.js';
import { startUpstream, type RawUpstream } from '../support/upstream.js';

const OURS = ['X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'Forwarded'];
/** Each in its spellings, and more than once. */
const FORGED = [...OURS, ...OURS.map((name) => name.replaceAll('-', '_')), ...OURS.map((name) => name.toLowerCase().replaceAll('-', '.'))].map((name) => `${name}: 6.6.6.6\r\n`).join('').repeat(2);

describe('where a request comes from', () => {
  const suite = closing();
  let upstream: RawUpstream;
  const gateways = new Map<string, TestGateway>();
  before(async () => {
    upstream = await startUpstream(suite);
  });

  /** What the upstream is told when `trusted` are believed: each of the gateway's own headers, as often as it comes. */
  const told = async (trusted: string, headers: string, host = 'a.test'): Promise<Record<string, string[]>> => {
    const gateway = gateways.get(trusted) ?? await startGateway(suite, `gateway: {trusted_proxies: [${trusted}]}\n${openTo(upstream.port)}`);
    gateways.set(trusted, gateway);
    const reply = await ask(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
    assert.equal(reply && statusOf(reply), 200);
    return summary(upstream.requests.at(-1) ?? assert.fail());
  };
  const summary = (seen: Message): Record<string, string[]> => {
    assert.deepEqual(upstream.garbage, []);
    return Object.fromEntries(OURS.map((name) => [name, values(seen, name.toLowerCase())]));
  };
  const plain = { 'X-Real-IP': ['127.0.0.1'], 'X-Forwarded-For': ['127.0.0.1'], 'X-Forwarded-Proto': ['http'], 'X-Forwarded-Host': ['a.test:81'], 'X-Forwarded-Port': ['81'], Forwarded: [] };

  for (const trusted of ['', '10.0.0.0/8', '"::1"', '127.0.0.2', '"fd00::/8", 126.0.0.0/8']) {
    it(`is never an untrusted peer's word (trusted: ${trusted || 'nobody'})`, async () => {
      assert.deepEqual(await told(trusted, FORGED, 'a.test:81'), plain);
      assert.doesNotMatch(JSON.stringify(upstream.requests.at(-1)), /6\.6\.6\.6/);
      assert.deepEqual(await told(trusted, `Connection: ${OURS.join(', ')}\r\n${FORGED}`, 'a.test:81'), plain);
    });
  }

  for (const trusted of ['127.0.0.1', '127.0.0.0/8', '127.255.255.255/8', '0.0.0.0/0', '"::ffff:127.0.0.0/104"', '"::/0"', '10.0.0.1, 127.0.0.1/32']) {
    it(`is what a trusted peer says (trusted: ${trusted})`, async () => {
      const headers = 'X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: public.test\r\nX-Forwarded-Port: 8443\r\nForwarded: for=1.1.1.1\r\n';
      assert.deepEqual(await told(trusted, headers), { 'X-Real-IP': ['6.6.6.6'], 'X-Forwarded-For': ['6.6.6.6, 127.0.0.1'], 'X-Forwarded-Proto': ['https'], 'X-Forwarded-Host': ['public.test'], 'X-Forwarded-Port': ['8443'], Forwarded: ['for=1.1.1.1'] });
    });
  }

  it('takes each header of a trusted peer by itself, and the rest from the connection', async () => {
    const rest = { ...plain, 'X-Forwarded-Host': ['a.test:81'] };
    for (const [header, value] of [['X-Forwarded-Proto', 'https'], ['X-Forwarded-Host', 'public.test'], ['X-Forwarded-Port', '443'], ['X-Real-IP', '7.7.7.7'], ['Forwarded', 'for="[fd00::7]";proto=https']] as const) {
      assert.deepEqual(await told('127.0.0.1', `${header}: ${value}\r\n`, 'a.test:81'), { ...rest, [header]: [value] });
    }
  });

  for (const [what, headers, real, chain] of [
    ['the right-most hop that is not trusted', 'X-Forwarded-For: 1.1.1.1, 2.2.2.2, 10.0.0.1, 10.0.0.2\r\n', '2.2.2.2', '1.1.1.1, 2.2.2.2, 10.0.0.1, 10.0.0.2, 127.0.0.1'],
    ['so over several headers', 'X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nx-forwarded-for: 10.0.0.1\r\n', '2.2.2.2', '1.1.1.1, 2.2.2.2, 10.0.0.1, 127.0.0.1'],
    ['the left-most when all are trusted', 'X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n', '10.0.0.1', '10.0.0.1, 10.0.0.2, 127.0.0.1'],
    ['an IPv6 hop', 'X-Forwarded-For: 2001:DB8::1, fd00::7\r\n', '2001:DB8::1', '2001:DB8::1, fd00::7, 127.0.0.1'],
    ['a hop without its port', 'X-Forwarded-For: 1.1.1.1:99, [fd00::7]:99, [fd00::8]\r\n', '1.1.1.1', '1.1.1.1:99, [fd00::7]:99, [fd00::8], 127.0.0.1'],
    ['a mapped hop as what it is', 'X-Forwarded-For: ::FFFF:1.1.1.1, ::ffff:10.0.0.1\r\n', '1.1.1.1', '::FFFF:1.1.1.1, ::ffff:10.0.0.1, 127.0.0.1'],
    ['nobody left of what is no address', 'X-Forwarded-For: 1.1.1.1, unknown, 10.0.0.1\r\n', '10.0.0.1', '1.1.1.1, unknown, 10.0.0.1, 127.0.0.1'],
    ['the peer when the nearest hop is no address', 'X-Forwarded-For: 1.1.1.1, _hidden\r\n', '127.0.0.1', '1.1.1.1, _hidden, 127.0.0.1'],
    ['the hops\' and not X-Real-IP, which a client may have sent through', 'X-Real-IP: 9.9.9.9\r\nX-Forwarded-For: 1.1.1.1\r\n', '1.1.1.1', '1.1.1.1, 127.0.0.1'],
    ['X-Real-IP without hops', 'X-Real-IP: 9.9.9.9\r\n', '9.9.9.9', '127.0.0.1'],
    ['no X-Real-IP that is no address', 'X-Real-IP: me\r\n', '127.0.0.1', '127.0.0.1'],
    ['no X-Real-IP that is two', 'X-Real-IP: 9.9.9.9\r\nX-Real-IP: 8.8.8.8\r\n', '127.0.0.1', '127.0.0.1'],
    ['not told by empty hops', 'X-Forwarded-For: , ,1.1.1.1,, \r\nX-Forwarded-For:\r\n', '1.1.1.1', '1.1.1.1, 127.0.0.1'],
    ['not told by nothing', 'X-Forwarded-For:\r\nX-Real-IP:\r\nX-Forwarded-Proto:\r\n', '127.0.0.1', '127.0.0.1'],
    ['no octal or short address', 'X-Forwarded-For: 1.1.1.1, 0127.0.0.1\r\n', '127.0.0.1', '1.1.1.1, 0127.0.0.1, 127.0.0.1'],
  ] as const) {
    it(`is ${what}`, async () => {
      const seen = await told('127.0.0.1, 10.0.0.0/8, "fd00::/8"', headers);
      assert.deepEqual([seen['X-Real-IP'], seen['X-Forwarded-For']], [[real], [chain]]);
    });
  }

  it('is in Forwarded what a trusted peer says, however often it says it', async () => {
    const seen = await told('127.0.0.1', 'Forwarded: for=1.1.1.1\r\nforwarded: for=10.0.0.1;by=_edge\r\nForwarded:\r\n');
    assert.deepEqual([seen['Forwarded'], seen['X-Real-IP']], [['for=1.1.1.1, for=10.0.0.1;by=_edge'], ['127.0.0.1']]);
  });

  for (const [what, value] of [
    ['latin1', '\xe9\xff'], ['spaces and commas', 'a  b ,, c\t,'], ['8 KB', 'x, '.repeat(2700)], ['700 trusted hops', Array(700).fill('10.0.0.1').join(',')], ['what would be a header', 'a: b; X-Consumer-Username: root'],
    ['what would be a line break elsewhere', 'a\\r\\nX-Evil: 1%0d%0aX-Evil: 1 \u0085 \xa0'], ['colons', ':::::::'], ['brackets', '[[::1]]'], ['a zone', 'fe80::1%eth0'], ['names of objects', '__proto__'],
  ] as const) {
    it(`cannot be made to break the head: ${what}`, async () => {
      for (const name of OURS) {
        const seen = await told('127.0.0.1, 10.0.0.0/8', `${name}: ${value}\r\n${name}: ${value}\r\n`);
        for (const found of Object.values(seen)) assert.ok(found.length <= 1);
        const names = upstream.requests.at(-1)?.headers.map(([n]) => n.toLowerCase()) ?? [];
        assert.deepEqual(names.filter((n) => !['host', 'connection', ...OURS.map((o) => o.toLowerCase())].includes(n)), []);
        assert.match(seen['X-Real-IP']?.[0] ?? '', /^[0-9a-f.:]+(%eth0)?$/);
      }
    });
  }

  for (const [what, bytes] of [['a line break', 'a\nX-Evil: 1'], ['a carriage return', 'a\rX-Evil: 1'], ['NUL', 'a\0b'], ['a folded line', 'a\r\n X-Evil: 1']] as const) {
    it(`is refused with ${what}`, async () => {
      const gateway = await startGateway(suite, `gateway: {trusted_proxies: [127.0.0.1]}\n${openTo(upstream.port)}`);
      const reply = await ask(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${bytes}\r\n\r\n`);
      assert.equal(reply && statusOf(reply), 400);
    });
  }

  for (const [host, port, forwarded] of [['a.test', undefined, 'a.test'], ['a.test:', undefined, 'a.test:'], ['a.test:81', '81', 'a.test:81'], ['[::1]', undefined, '[::1]'], ['[::1]:82', '82', '[::1]:82']] as const) {
    it(`has the port of the Host, else of the listener: ${host}`, async () => {
      const seen = await told('', '', host);
      assert.deepEqual([seen['X-Forwarded-Port'], seen['X-Forwarded-Host']], [[port ?? String(gateways.get('')?.port)], [forwarded]]);
    });
  }

  for (const [address, listen, trusted] of [['::1', '::1', '"::1"'], ['127.0.0.1', '::', '127.0.0.1']] as const) {
    it(`is an IPv6 peer's address, and an IPv4 one's as what it is: ${address} on ${listen}`, async (t) => {
      for (const [believed, real] of [['', address], [trusted, '6.6.6.6']] as const) {
        const { gateway } = await startGateway(t, `gateway: {trusted_proxies: [${believed}]}\n${openTo(upstream.port)}`);
        const server = createServer(gateway).listen(0, listen);
        t.after(() => server.close().closeAllConnections());
        await once(server, 'listening');
        const client = new RawClient(net.connect({ host: address, port: (server.address() as AddressInfo).port }));
        t.after(() => client.socket.destroy());
        assert.ok(await client.send('GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n').response());
        const seen = summary(upstream.requests.at(-1) ?? assert.fail());
        assert.deepEqual([seen['X-Real-IP'], seen['X-Forwarded-For']], [[real], [believed ? `6.6.6.6, ${address}` : address]]);
      }
    });
  }
});

describe('trusted_proxies', () => {
  for (const wrong of ['10.0.0.0/33', '"fd00::/129"', '10.0.0.0/', '10.0.0/8', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/+8', '010.0.0.1', 'localhost', '"*"', '""', '10.0.0.1-10.0.0.9', '" 10.0.0.1"', '"[::1]"', '10.0.0.1:80']) {
    it(`refuses ${wrong}, and tells where it stands`, () => {
      assert.deepEqual(places(check(`gateway:\n  trusted_proxies:\n    - 10.0.0.0/8\n    - ${wrong}\nroutes: []\n`)), ['4:7 wrong-value']);
    });
  }

  it('tells every wrong one', () => {
    assert.deepEqual(places(check('gateway: {trusted_proxies: [a, 10.0.0.1, b]}\nroutes: []\n')), ['1:29 wrong-value', '1:42 wrong-value']);
  });
});
