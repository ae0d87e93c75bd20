import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { Connections } from '../../src/proxy/connections.js';
import { GatewayRequest, GatewayResponse } from '../../src/proxy/exchange.js';

const LIMITS = { header: 1000, body: 1000, rate: 0, allowance: 1000, idle: 1000, write: 1000 };

// Node lets a request overtake that comes within the turn of the event loop between a last answer and the end of its connection
test('an answer that is over before those ahead of it does not hide them when the connection is lost', async () => {
  const connections = new Connections(LIMITS);
  const socket = new net.Socket();
  connections.open(socket);
  const told: number[] = [];
  const answers = [1, 2, 3, 4].map((number) => {
    const res = new GatewayResponse(new GatewayRequest(socket));
    connections.begin(socket, res);
    return res.once('close', () => {
      told.push(number);
      res.over = true;
      connections.end(res);
    });
  });
  for (const i of [0, 3, 2]) answers[i]?.emit('close');
  assert.ok(connections.waiting(socket));
  socket.destroy();
  await new Promise<void>((turn) => socket.once('close', () => setImmediate(() => setImmediate(turn))));
  assert.deepEqual(told, [1, 4, 3, 2]);
  assert.equal(connections.size, 0);
});
