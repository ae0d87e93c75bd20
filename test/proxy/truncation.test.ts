import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { connect, get } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { startHostile } from '../support/upstream.js';

const BODY = 'abcdefghij'.repeat(200);
const WHOLE = {
  'of known length': `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  'in chunks': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${(BODY.match(/.{1,170}/g) ?? []).map((c) => `${c.length.toString(16)}\r\n${c}\r\n`).join('')}0\r\n\r\n`,
};

describe('an answer that the upstream breaks off', () => {
  for (const [kind, whole] of Object.entries(WHOLE)) {
    for (const how of ['FIN', 'RST'] as const) {
      it(`${kind}, by ${how} at any byte, never looks whole`, async (t) => {
        let cut = 0;
        const upstream = await startHostile(t, (socket) => socket.on('data', () => {
          socket.write(whole.slice(0, cut), 'latin1', () => (how === 'FIN' ? socket.end() : socket.resetAndDestroy()));
        }));
        const gateway = await startGateway(t, openTo(upstream.port));
        for (cut of fc.sample(fc.integer({ min: 0, max: whole.length - 1 }), { numRuns: 100, seed: 7 })) {
          const client = (await connect(t, gateway.port)).send(get('/'));
          const message = await client.response();
          if (message) assert.match(message.start, / 502 /, `cut at byte ${cut}`);
          if (message) assert.doesNotMatch(message.body, /abcdefghij/);
          client.socket.destroy();
        }
      });
    }
  }
});
