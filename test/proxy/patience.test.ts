import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import net from 'node:net';
import { describe, it, mock } from 'node:test';
import { limitTime, type Wait } from '../../src/proxy/patience.js';
import { ask, get } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';

const LIMITS = { connect: 1000, send: 2000, read: 3000 };

/** The state of the four ends of an exchange, to be changed while mocked time goes by. */
class Ends extends EventEmitter {
  socket = { connecting: false, bytesRead: 0, bytesWritten: 0 };
  writableFinished = true;
  writableEnded = true;
  writableNeedDrain = false;
  readonly req = { socket: { bytesRead: 0, bytesWritten: 0, writableLength: 0 } };
  readonly res = { writableNeedDrain: false };
  readonly expired: Wait[] = [];

  watch(): void {
    limitTime(this as unknown as ClientRequest, this.req as unknown as IncomingMessage, this.res as unknown as ServerResponse, LIMITS, (wait) => {
      // told once: an interval of mocked time goes on though it is cleared within its own turn
      if (this.expired.length === 0) this.expired.push(wait);
      this.emit('close');
    });
  }
}

function watching(change: (ends: Ends) => void): Ends {
  const ends = new Ends();
  change(ends);
  ends.watch();
  return ends;
}

/** Goes on in small steps, as time does. */
function pass(milliseconds: number, meanwhile = (): void => {}): void {
  for (let t = 0; t < milliseconds; t += 100) {
    meanwhile();
    mock.timers.tick(100);
  }
}

describe('patience', () => {
  for (const [wait, limit, change] of [
    ['connect', 1000, (e) => (e.socket.connecting = true)],
    ['send', 2000, (e) => ([e.writableFinished, e.writableNeedDrain] = [false, true])],
    ['read', 3000, () => {}],
    ['sender', 60_000, (e) => ([e.writableFinished, e.writableEnded] = [false, false])],
    ['reader', 300_000, (e) => (e.res.writableNeedDrain = true)],
  ] as const satisfies readonly (readonly [Wait, number, (e: Ends) => unknown])[]) {
    it(`with ${wait} ends after ${limit} ms without progress, not before`, (t) => {
      mock.timers.enable({ apis: ['setInterval'] });
      t.after(() => mock.timers.reset());
      const ends = watching(change);
      pass(limit - 100);
      assert.deepEqual(ends.expired, []);
      pass(500);
      assert.deepEqual(ends.expired, [wait]);
    });
  }

  it('with one who comes on has no end', (t) => {
    mock.timers.enable({ apis: ['setInterval'] });
    t.after(() => mock.timers.reset());
    const ends = watching(() => {});
    pass(10_000, () => void ends.socket.bytesRead++);
    assert.deepEqual(ends.expired, []);
  });

  it('ends 504 when nobody accepts the connection', { skip: process.platform !== 'linux' }, async (t) => {
    const child = spawn(process.execPath, ['-e', 'require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () { console.log(this.address().port) })']);
    t.after(() => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line);
    child.kill('SIGSTOP');
    const fillers = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    t.after(() => fillers.forEach((f) => f.destroy()));
    await once(fillers[0] ?? assert.fail(), 'connect');
    const gateway = await startGateway(t, openTo(port, 'timeout: {connect: 0.3, send: 0.3, read: 0.3}'));
    const answers = await Promise.all(Array.from({ length: 3 }, () => ask(gateway.port, get('/'))));
    assert.deepEqual(answers.map((m) => m && statusOf(m)), [504, 504, 504]);
  });
});
