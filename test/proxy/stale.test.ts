import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { connect } from '../support/raw.js';
import { answer, startUpstream } from '../support/upstream.js';

const CLIENTS = 40;
const EACH = 50;
/** Milliseconds that the upstream keeps an idle connection; requests come 8 to 14 ms apart. */
const IDLE = 10;

describe(`an upstream that closes each connection after ${IDLE} ms, while requests come 8 to 14 ms apart`, () => {
  for (const how of ['FIN', 'RST'] as const) {
    it(`by ${how}: ${CLIENTS * EACH} GETs, and none fails`, async (t) => {
      const { statuses, connections } = await race(t, how, (id) => `GET /${id} HTTP/1.1\r\nHost: h\r\n\r\n`);
      assert.deepEqual(statuses, new Map([[200, CLIENTS * EACH]]));
      t.diagnostic(`${connections} connections`);
    });

    it(`by ${how}: ${CLIENTS * EACH} POSTs, and none arrives twice`, async (t) => {
      const { statuses, executions, connections } = await race(t, how, (id) => `POST /${id} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi`);
      assert.equal(Math.max(...executions.values()), 1);
      assert.ok(executions.size >= (statuses.get(200) ?? 0));
      // the client's connection stays through it all
      assert.deepEqual([...statuses.keys()].filter((status) => status !== 200 && status !== 502), []);
      t.diagnostic(`${executions.size} executed, ${statuses.get(502) ?? 0} answered with 502, ${connections} connections`);
    });
  }
});

async function race(t: TestContext, how: 'FIN' | 'RST', request: (id: string) => string): Promise<{ statuses: Map<number, number>; executions: Map<string, number>; connections: number }> {
  const executions = new Map<string, number>();
  const timers = new Map<number, NodeJS.Timeout>();
  const upstream = await startUpstream(t, ({ target, connection }, socket) => {
    executions.set(target, (executions.get(target) ?? 0) + 1);
    clearTimeout(timers.get(connection));
    timers.set(connection, setTimeout(() => (how === 'FIN' ? socket.end() : socket.resetAndDestroy()), IDLE));
    return answer();
  });
  const gateway = await startGateway(t, openTo(upstream.port));
  const statuses = new Map<number, number>();
  await Promise.all(Array.from({ length: CLIENTS }, async (_, c) => {
    const client = await connect(t, gateway.port);
    for (let i = 0; i < EACH; i++) {
      const message = await client.send(request(`${c}-${i}`)).response();
      const status = message ? statusOf(message) : 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await pause(8 + Math.random() * 6);
    }
  }));
  for (const timer of timers.values()) clearTimeout(timer);
  return { statuses, executions, connections: upstream.sockets.length };
}
