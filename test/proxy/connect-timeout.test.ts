import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import { ask, get } from '../support/raw.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';

describe('a connection that nobody accepts', () => {
  it('is a 504', { skip: process.platform !== 'linux' }, async (t) => {
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
