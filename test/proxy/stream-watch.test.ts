import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http2Response } from '../../src/proxy/http2/response.js';
import { StreamWatch } from '../../src/proxy/http2/stream-watch.js';

test('an answer without a body that does not leave is ended, as one with a body is', () => {
  const limits = { header: 1000, body: 1000, rate: 0, allowance: 0, idle: 1000, write: 500 };
  for (const writableLength of [0, 10]) {
    let ended = 0;
    const res = { writableLength, finished: true, req: { received: 0, complete: true }, destroy: () => ended++ } as unknown as Http2Response;
    const watch = new StreamWatch(res);
    for (let i = 0; i < 2; i++) watch.check(250, limits);
    assert.equal(ended, writableLength === 0 ? 1 : 0);
    watch.check(250, limits);
    assert.ok(ended > 0);
  }
});
