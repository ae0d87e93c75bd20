import assert from 'node:assert/strict';
import { it } from 'node:test';
import { queryObjects } from 'node:v8';
import { Exchange, GatewayRequest } from '../../src/proxy/exchange.js';
import { startGateway } from '../support/gateway.js';
import { connect, get, until } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

const yaml = (port: number): string => `
routes: [{uri: /*, upstream: {nodes: {"127.0.0.1:${port}": 1}}}]`;

it('keeps nothing of the last request of a connection that is idle', async (t) => {
  const { port } = await startUpstream(t, () => answer('ok'));
  const gateway = await startGateway(t, yaml(port));
  const clients = await Promise.all(Array.from({ length: 40 }, () => connect(t, gateway.port)));
  for (const [i, client] of clients.entries()) {
    client.send(i % 2 === 0 ? get('/') : 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi');
    assert.equal((await client.response())?.body, 'ok');
  }
  // to look for them collects what nobody holds
  await until(() => queryObjects(GatewayRequest, { format: 'count' }) < 20 && queryObjects(Exchange, { format: 'count' }) < 20, 15_000);
});

it('serves requests with and without bodies that are sent at once, in their order', async (t) => {
  const { port } = await startUpstream(t, ({ method, target, body }) => answer(`${method} ${target} ${body}`));
  const gateway = await startGateway(t, yaml(port));
  const client = await connect(t, gateway.port);
  const bodies = ['Content-Length: 2\r\n\r\nhi', 'Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n', 'Content-Length: 0\r\n\r\n'];
  client.send(bodies.map((body, i) => `${get(`/${i}`)}POST /${i} HTTP/1.1\r\nHost: h\r\n${body}`).join('') + get('/end'));
  const seen: (string | undefined)[] = [];
  for (let i = 0; i < 7; i++) seen.push((await client.response())?.body);
  assert.deepEqual(seen, ['GET /0 ', 'POST /0 hi', 'GET /1 ', 'POST /1 hi', 'GET /2 ', 'POST /2 ', 'GET /end ']);
});
