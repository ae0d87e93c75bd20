import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { upstreamsStatus } from '../../src/admin/upstreams.js';
import { openTo, startGateway, type Closing, type TestGateway } from '../support/gateway.js';
import { ask2, openSession } from '../support/http2.js';
import { ask, connect, get, until } from '../support/raw.js';
import { listenAlso } from '../support/tls.js';
import { answer } from '../support/upstream.js';

/** What the upstream sends of an answer, by the path of the request: only that of / is whole. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/': answer(),
  '/silent': '',
  '/head': 'HTTP/1.1 200 OK\r\nX: y\r\n',
  '/body': 'HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\nsome',
  '/chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n',
  '/much': `HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${'x'.repeat(500_000)}`,
};

const post = (path: string, framing: string, some: string): string => `POST ${path} HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n${some}`;

/** When clients leave: what they have sent by then of a request for a path, and what they wait for before. */
const MOMENTS: readonly (readonly [answer: string, sent: (path: string) => string, until: 'sent' | 'forwarded' | 'answered'])[] = [
  ['/silent', () => '', 'sent'],
  ['/silent', (path) => `GET ${path} HT`, 'sent'],
  ['/silent', (path) => `GET ${path} HTTP/1.1\r\nHost: test.local\r\nX-Half: `, 'sent'],
  ['/silent', (path) => post(path, 'Content-Length: 9', ''), 'forwarded'],
  ['/silent', (path) => post(path, 'Content-Length: 9', 'half'), 'forwarded'],
  ['/silent', (path) => post(path, 'Transfer-Encoding: chunked', '4\r\nhalf\r\n'), 'forwarded'],
  ['/silent', (path) => get(path), 'sent'],
  ['/silent', (path) => get(path), 'forwarded'],
  ['/head', (path) => get(path), 'forwarded'],
  ['/body', (path) => get(path), 'answered'],
  ['/chunks', (path) => get(path), 'answered'],
  ['/much', (path) => get(path), 'answered'],
];

const ABORTS = 500;
const AT_ONCE = 100;

describe('500 requests that their clients abort', () => {
  it('leave nothing behind: not before the head, within it, within the body, before the answer, or within it', { timeout: 60_000 }, async (t) => {
    const { gateway, upstream, before } = await rested(t);
    await leave(gateway, upstream, (numbers) => Promise.all(numbers.map((i) => abortOne(gateway.port, upstream, i))));
    assert.deepEqual(await rest(gateway), before);
    assert.deepEqual(gateway.events, []);
  });

  it('over HTTP/2 leave nothing behind either', { timeout: 60_000 }, async (t) => {
    const { gateway, upstream, before } = await rested(t);
    const port = await listenAlso(t, gateway.gateway, { tls: false, http2: true });
    await leave(gateway, upstream, async (numbers) => {
      const session = openSession({ after: () => {} }, `http://127.0.0.1:${port}`);
      await Promise.all(numbers.map((i) => abortStream(session, upstream, i)));
      session.destroy();
    });
    assert.deepEqual(await rest(gateway), before);
    assert.equal((await ask2(openSession(t, `http://127.0.0.1:${port}`), { ':path': '/' })).body, 'ok');
    assert.deepEqual(gateway.events, []);
  });
});

/** A gateway that has answered one request, and how its upstream's connections and counters stood then. */
async function rested(t: TestContext) {
  const upstream = await startCounting(t);
  const gateway = await startGateway(t, openTo(upstream.port));
  const before = await rest(gateway);
  return { gateway, upstream, before };
}

/** Has so many requests aborted at a time, after a warm-up, and sees that they leave no memory behind. */
async function leave(gateway: TestGateway, upstream: Counts, abort: (numbers: readonly number[]) => Promise<unknown>): Promise<void> {
  const abortAll = async (count: number): Promise<void> => {
    for (let first = 0; first < count; first += AT_ONCE) {
      await abort(Array.from({ length: AT_ONCE }, (_, i) => first + i));
      await over(gateway, upstream);
    }
  };
  await abortAll(200);
  const memory = heap();
  await abortAll(ABORTS);
  assert.ok(heap() - memory < 2_000_000, `${heap() - memory} bytes more`);
}

/** An upstream's open connections, and the targets that it was asked for. Nothing else is kept: it would count as memory. */
interface Counts {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  readonly asked: Set<string>;
}

async function startCounting(closing: Closing): Promise<Counts> {
  const sockets = new Set<Socket>();
  const asked = new Set<string>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.setEncoding('latin1').on('error', () => {}).once('close', () => sockets.delete(socket));
    socket.on('data', (text: string) => {
      const [, path, number] = /^[A-Z]+ ([^ ?]+)(\S*) HTTP/.exec(text) ?? [];
      if (path === undefined) return;
      asked.add(`${path}${number}`);
      socket.write(ANSWERS[path] ?? '');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets, asked };
}

/** What is left once a request was answered as ever. */
async function rest(gateway: TestGateway): Promise<object> {
  assert.equal((await ask(gateway.port, get('/')))?.body, 'ok');
  await until(() => gateway.gateway.connections.size === 0, 15_000, 'clients are left');
  return { upstreams: upstreamsStatus(gateway.gateway.table.upstreams), inFlight: gateway.gateway.inFlight(), sessions: gateway.gateway.sessions.size };
}

async function abortOne(port: number, upstream: Counts, i: number): Promise<void> {
  const [answered, sent, when] = MOMENTS[i % MOMENTS.length] ?? assert.fail();
  const client = await connect({ after: () => {} }, port);
  const path = `${answered}?${i}`;
  await new Promise((written) => client.socket.write(sent(path), written));
  if (when === 'forwarded') await until(() => upstream.asked.delete(path), 15_000, 'it is not forwarded');
  if (when === 'answered') await client.until(() => client.received.includes('\r\n\r\n'));
  leaveBy(client.socket, i);
}

function leaveBy(socket: Socket, i: number): void {
  if (i % 3 === 0) socket.end();
  else if (i % 3 === 1) socket.resetAndDestroy();
  else socket.destroy();
}

/** Of HTTP/2: it is reset within its body, before the answer, or within it; or left for its connection to end. */
async function abortStream(session: ClientHttp2Session, upstream: Counts, i: number): Promise<void> {
  const [answered = ''] = ['/silent', '/head', '/body', '/chunks', '/much'].slice(i % 5);
  const path = `${answered}?${i}`;
  const posts = i % 2 === 0;
  const stream = session.request({ ':method': posts ? 'POST' : 'GET', ':path': path }, { endStream: !posts });
  stream.on('error', () => {});
  if (posts) stream.write('half');
  if (answered === '/silent' || answered === '/head') await until(() => upstream.asked.delete(path), 15_000, 'it is not forwarded');
  else await once(stream, 'response');
  if (i % AT_ONCE < AT_ONCE / 2) stream.close(constants.NGHTTP2_CANCEL);
}

/** Waits until all have been noticed. */
async function over({ gateway }: TestGateway, upstream: Counts): Promise<void> {
  await until(() => gateway.table.inFlight === 0 && gateway.connections.size === 0 && gateway.sessions.size === 0, 15_000, 'requests stay');
  // the one that is kept for others
  await until(() => upstream.sockets.size <= 1, 15_000, 'connections upstream stay');
}

/** Bytes in use after a collection. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
