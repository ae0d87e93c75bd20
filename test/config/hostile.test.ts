import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HOSTILE } from './hostile-texts.js';

/** What one text may take of the processor. */
const MOST_MILLISECONDS = 6000;

interface Line {
  readonly name: string;
  readonly milliseconds: number;
  readonly codes: readonly string[];
}

describe('hostile texts', () => {
  let lines: readonly (Line | 'done')[] = [];
  before(() => {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(new URL('hostile-child.js', import.meta.url))], { encoding: 'utf8', maxBuffer: 1e8 });
    lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Line | 'done');
  });

  it('leave the process alive', () => assert.equal(lines.at(-1), 'done'));

  for (const name of Object.keys(HOSTILE)) {
    it(`are refused in time, twice: ${name}`, () => {
      const times = lines.filter((line): line is Line => line !== 'done' && line.name === name);
      assert.equal(times.length, 2);
      for (const { milliseconds, codes } of times) {
        assert.ok(milliseconds < MOST_MILLISECONDS, `${milliseconds} ms`);
        assert.notEqual(codes.length, 0);
      }
    });
  }

  it('change no prototype', () => assert.deepEqual(Object.keys(Object.prototype), []));
});
