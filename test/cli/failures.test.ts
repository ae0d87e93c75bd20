import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Logger } from 'pino';
import { logFailures } from '../../src/cli/failures.js';

describe('failures of nodes', () => {
  it('are told at once, then at most once a minute for each node and reason, with how many there were', () => {
    const lines: string[] = [];
    let now = 0;
    const tell = logFailures({ warn: (_fields: object, text: string) => lines.push(text) } as unknown as Logger, () => now);
    const fail = (node: string, fault: string): void => tell({ type: 'node-failed', upstream: 'upstream/up', node, fault });
    for (now = 0; now < 120_000; now += 10_000) fail('a:1', 'ECONNREFUSED');
    fail('b:1', 'ECONNREFUSED');
    fail('a:1', 'CERT_HAS_EXPIRED');
    assert.deepEqual(lines.map((line) => line.replace(/; its certificate.*/, ' (hint)')), [
      'upstream/up: node a:1 failed: ECONNREFUSED',
      'upstream/up: node a:1 failed: ECONNREFUSED, as it did 5 times since that was told',
      'upstream/up: node b:1 failed: ECONNREFUSED',
      'upstream/up: node a:1 failed: CERT_HAS_EXPIRED (hint)',
    ]);
  });

  it('take no memory without end', () => {
    let lines = 0;
    const tell = logFailures({ warn: () => lines++ } as unknown as Logger, () => 0);
    for (let i = 0; i < 5000; i++) tell({ type: 'node-failed', upstream: 'u', node: String(i), fault: 'x' });
    assert.equal(lines, 5000);
  });
});
