import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { upstreamsStatus } from '../../src/admin/upstreams.js';
import { openTo, startGateway } from '../support/gateway.js';
import { openSession, outcomeOf } from '../support/http2.js';
import { statusOf } from '../support/message.js';
import { connect, until } from '../support/raw.js';
import { listenAlso } from '../support/tls.js';
import { startHostile } from '../support/upstream.js';

const SIZE = 200_000_000;
const PIECE = Buffer.alloc(256 * 1024, 'x');

/** A gateway before an upstream that takes connections, and reads nothing. */
async function unread(t: TestContext) {
  const upstream = await startHostile(t, (socket) => void setImmediate(() => socket.pause()));
  const gateway = await startGateway(t, openTo(upstream.port, 'timeout: {connect: 5, send: 0.5, read: 60}'));
  const left = async (): Promise<void> => {
    // it would not notice otherwise
    upstream.sockets.forEach((socket) => socket.resume());
    await until(() => upstream.open() === 0 && gateway.gateway.table.inFlight === 0, 2000, 'something is left');
    assert.match(JSON.stringify(upstreamsStatus(gateway.gateway.table.upstreams)), /"in_flight":0,"connections":\{"open":0,"idle":0\}/);
    assert.deepEqual(gateway.faults, ['send-timeout']);
  };
  return { gateway, left };
}

describe('an upload of which the upstream reads nothing', () => {
  for (const [framing, piece] of [[`Content-Length: ${SIZE}`, PIECE], ['Transfer-Encoding: chunked', Buffer.concat([Buffer.from('40000\r\n'), PIECE, Buffer.from('\r\n')])]] as const) {
    it(`is held back, and a 504 after \`timeout.send\`, with ${framing.replace(/:.*/, '')}`, async (t) => {
      const { gateway, left } = await unread(t);
      const client = await connect(t, gateway.port);
      let sent = 0;
      const write = (): void => {
        while (client.received === '' && client.socket.writable && sent < SIZE) {
          sent += piece.length;
          if (!client.socket.write(piece)) break;
        }
      };
      client.socket.on('drain', write);
      const started = performance.now();
      client.send(`POST / HTTP/1.1\r\nHost: h\r\n${framing}\r\n\r\n`);
      write();
      const answer = (await client.response('POST', 5000)) ?? assert.fail('cut');
      const took = performance.now() - started;
      assert.deepEqual([statusOf(answer), answer.headers.filter(([name]) => name === 'Connection')], [504, [['Connection', 'close']]]);
      assert.ok(took >= 490 && took < 4000, `${took} ms`);
      assert.ok(sent - client.socket.writableLength < 32_000_000, `${sent} bytes were taken`);
      await left();
      await client.end();
      await until(() => gateway.gateway.connections.size === 0, 2000, 'the connection stays');
    });
  }

  it('over HTTP/2 is a 504 as well, and its connection lives on', async (t) => {
    const { gateway, left } = await unread(t);
    const session = openSession(t, `http://127.0.0.1:${await listenAlso(t, gateway.gateway, { tls: false, http2: true })}`);
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    const outcome = outcomeOf(stream);
    const write = (): void => {
      while (!stream.destroyed && stream.writable && stream.write(PIECE));
    };
    stream.on('drain', write);
    write();
    assert.deepEqual([(await outcome).status, session.destroyed], [504, false]);
    await left();
  });
});
