import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ask, connect, get, until } from '../support/raw.js';
import { startGateway } from '../support/gateway.js';
import { statusOf, values, type Message } from '../support/message.js';
import { startHostile, startUpstream } from '../support/upstream.js';

/** What may become of the client: a status of the gateway's own page, the upstream's answer, or a cut connection. */
type Outcome = number | 'passed' | 'cut' | 'passed or cut' | 'passed or 502';

const HEAD = 'X-Up: 1\r\n';
type Act = (socket: Socket, seen: Promise<void>) => void;
const play = (...steps: (string | Act)[]): Act => (socket, seen) => {
  socket.once('data', () => {
    for (const step of steps) {
      if (typeof step === 'string') socket.write(step, 'latin1');
      else step(socket, seen);
    }
  });
};
const fin = (s: Socket): void => void s.end();
// a socket that is ending already cannot be reset: Node would keep its handle for ever
const rst = (s: Socket): void => void (s.writable ? s.resetAndDestroy() : s.destroy());
/** Once the client has what was sent. Node takes a reset that comes together with data for an orderly end. */
const seen = (then: (s: Socket) => void): Act => (s, seen) => void seen.then(() => then(s));
const later = (then: (s: Socket) => void): Act => (s) => void s.write('', () => setImmediate(() => then(s)));

const CASES: readonly (readonly [name: string, outcome: Outcome, act: Act])[] = [
  ['no status line', 502, play('hello\r\n\r\n')],
  ['an HTTP/0.9 page', 502, play('<html>UPSTREAM</html>', fin)],
  ['a status of two digits', 502, play(`HTTP/1.1 20 OK\r\n${HEAD}Content-Length: 0\r\n\r\n`)],
  ['a status of four digits', 502, play(`HTTP/1.1 2000 OK\r\n${HEAD}Content-Length: 0\r\n\r\n`)],
  ['status 099', 502, play(`HTTP/1.1 099 Odd\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['status 000', 502, play(`HTTP/1.1 000 Odd\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['status 600', 502, play(`HTTP/1.1 600 Odd\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['status 999', 502, play(`HTTP/1.1 999 Odd\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['HTTP/3.7', 502, play(`HTTP/3.7 200 OK\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['a control character in the reason', 502, play(`HTTP/1.1 200 O\x01K\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['NUL in a header', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}X: a\x00b\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
  ['a header without a colon', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}nonsense\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
  ['a space in a header name', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}X y: 1\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
  ['a head without end', 502, play(`HTTP/1.1 200 OK\r\n${`X-Pad: ${'x'.repeat(1000)}\r\n`.repeat(300)}`)],
  ['two lengths that differ', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8\r\nContent-Length: 9\r\n\r\nUPSTREAM`)],
  ['a length that is no number', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8x\r\n\r\nUPSTREAM`)],
  ['a negative length', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: -8\r\n\r\nUPSTREAM`)],
  ['a length and chunked', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)],
  ['a coding that nobody asked for', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: gzip\r\n\r\nUPSTREAM`, fin)],
  ['gzip under chunked', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`)],
  ['101 without an upgrade', 502, play(`HTTP/1.1 101 Switching\r\n${HEAD}\r\n`)],
  ['101 with upgrade headers', 502, play(`HTTP/1.1 101 Switching\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\nUPSTREAM`)],
  ['Upgrade headers on a 200', 'passed', play(`HTTP/1.1 200 OK\r\n${HEAD}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
  ['trailers after chunks', 'passed', play(`HTTP/1.1 200 OK\r\n${HEAD}Trailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nUPSTREAM\r\n0\r\nX-T: 1\r\n\r\n`)],
  ['Trailer with a length', 'passed', play(`HTTP/1.1 200 OK\r\n${HEAD}Trailer: X-T\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
  ['bytes after the body', 'passed or cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM and more`)],
  ['a second response after the body', 'passed or cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAMHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL`)],
  ['a body on 204', 'passed or cut', play(`HTTP/1.1 204 No\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['a body on 304', 'passed or cut', play(`HTTP/1.1 304 No\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['a bad chunk at once', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`)],
  ['a bad chunk later', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n8\r\nUPSTREAM\r\nZZ\r\n`)],
  ['a chunk longer than it says', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\nUPSTREAM\r\n0\r\n\r\n`)],
  ['a chunk size beyond all numbers', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nUPSTREAM`)],
  ['FIN instead of an answer', 502, play(fin)],
  ['RST instead of an answer', 502, play(rst)],
  ['FIN on connection', 502, fin],
  ['RST on connection', 502, rst],
  ['FIN in the status line', 502, play('HTTP/1.1 200', later(fin))],
  ['FIN in the head', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}`, later(fin))],
  ['RST in the head', 502, play(`HTTP/1.1 200 OK\r\n${HEAD}`, later(rst))],
  ['FIN before the body', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 80\r\n\r\n`, seen(fin))],
  ['FIN in a body of known length', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 80\r\n\r\nUPSTREAM`, seen(fin))],
  ['RST in a body of known length', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 80\r\n\r\nUPSTREAM`, seen(rst))],
  ['FIN between chunks', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n8\r\nUPSTREAM\r\n`, seen(fin))],
  ['FIN in a chunk', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n80\r\nUPSTREAM`, seen(fin))],
  ['RST between chunks', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n8\r\nUPSTREAM\r\n`, seen(rst))],
  ['RST in a body until close', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}\r\nUPSTREAM`, seen(rst))],
  ['a body until FIN', 'passed', play(`HTTP/1.1 200 OK\r\n${HEAD}\r\nUPSTREAM`, fin)],
  ['an HTTP/1.0 answer', 'passed', play(`HTTP/1.0 200 OK\r\n${HEAD}\r\nUPSTREAM`, fin)],
  ['a flood of 1xx', 'passed or 502', play('HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n'.repeat(200), `HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 8\r\n\r\nUPSTREAM`)],
  ['100 that nobody asked for, then silence', 504, play('HTTP/1.1 100 Continue\r\n\r\n')],
  ['silence', 504, play()],
  ['silence in the head', 504, play(`HTTP/1.1 200 OK\r\n${HEAD}`)],
  ['silence in the body', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Content-Length: 80\r\n\r\nUPSTREAM`)],
  ['silence between chunks', 'cut', play(`HTTP/1.1 200 OK\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n8\r\nUPSTREAM\r\n`)],
  ['Connection naming the length', 'passed', play(`HTTP/1.1 200 OK\r\n${HEAD}Connection: content-length\r\nContent-Length: 8\r\n\r\nUPSTREAM`)],
];

const yaml = (hostile: number, good: number): string => `
routes:
  - {id: good, uri: /good, upstream: {nodes: {"127.0.0.1:${good}": 1}}}
  - {id: hostile, uri: /*, upstream: {nodes: {"127.0.0.1:${hostile}": 1}, timeout: {connect: 0.3, send: 0.3, read: 0.3}}}`;

describe('an upstream that answers with', { concurrency: 16 }, () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  before(() => void process.on('uncaughtException', note));
  after(() => {
    process.off('uncaughtException', note);
    assert.deepEqual(uncaught, []);
  });

  for (const [name, outcome, act] of CASES) {
    for (const [method, version] of [['GET', '1.1'], ['HEAD', '1.1'], ['POST', '1.1'], ['GET', '1.0']] as const) {
      it(`${name}: ${outcome} (${method}, HTTP/${version})`, async (t) => {
        let see = (): void => {};
        const seen = new Promise<void>((resolve) => (see = resolve));
        const hostile = await startHostile(t, (socket) => act(socket, seen));
        const good = await startUpstream(t);
        const gateway = await startGateway(t, yaml(hostile.port, good.port));
        const client = await connect(t, gateway.port);
        const body = method === 'POST' ? 'Content-Length: 4\r\n' : '';
        client.send(`${method} /x HTTP/${version}\r\nHost: h\r\n${body}\r\n${body && 'ping'}`);
        client.socket.on('data', () => (method === 'HEAD' || /UPSTREAM|: 80\r\n/.test(client.received)) && see());
        const message = await client.response(method);
        check(message, method === 'HEAD' ? headless(outcome) : outcome, client.reset, version);
        if (message) assert.equal(client.received, '', 'bytes after the response');
        assert.equal(statusOf((await ask(gateway.port, get('/good'))) ?? assert.fail('cut')), 200);
        await until(() => hostile.open() === 0 || String(outcome).startsWith('passed'), 2000, 'upstream sockets stay open');
      });
    }
  }
});

/** A HEAD is over with its head: what happens to the body is no concern. */
const headless = (outcome: Outcome): Outcome => (typeof outcome === 'number' || outcome === 'passed or 502' ? outcome : 'passed or cut');

function check(message: Message | undefined, outcome: Outcome, reset: boolean, version: string): void {
  if (outcome === 'passed or 502') return check(message, message && statusOf(message) === 502 ? 502 : 'passed', reset, version);
  if (outcome === 'passed or cut') return message && check(message, 'passed', reset, version);
  if (outcome === 'cut') {
    // to HTTP/1.0 a body may end with the connection: only a reset tells that it did not
    return version === '1.0' && message?.framing === 'close' ? assert.ok(reset, 'a cut body looks whole') : assert.equal(message, undefined, 'a cut body looks whole');
  }
  assert.ok(message, 'cut');
  if (outcome === 'passed') {
    assert.deepEqual(values(message, 'x-up'), ['1']);
    if (message.framing !== 'none') assert.equal(message.body, 'UPSTREAM');
    for (const name of ['trailer', 'upgrade']) assert.deepEqual(values(message, name), []);
    return;
  }
  assert.equal(statusOf(message), outcome);
  assert.deepEqual(values(message, 'x-up'), [], 'upstream headers in the page');
  assert.doesNotMatch(message.body, /UPSTREAM/);
}
