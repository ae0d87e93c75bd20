import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startDeaf } from '../support/deaf.js';
import { openTo, startGateway } from '../support/gateway.js';
import { statusOf } from '../support/message.js';
import { ask, get } from '../support/raw.js';

describe('a connection that nobody accepts', () => {
  it('is a 504', { skip: process.platform !== 'linux' }, async (t) => {
    const gateway = await startGateway(t, openTo(await startDeaf(t), 'timeout: {connect: 0.3, send: 0.3, read: 0.3}'));
    const answers = await Promise.all(Array.from({ length: 3 }, () => ask(gateway.port, get('/'))));
    assert.deepEqual(answers.map((m) => m && statusOf(m)), [504, 504, 504]);
  });
});
