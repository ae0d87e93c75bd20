import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Measured } from '../support/reload-many.js';

const SCRIPT = fileURLToPath(new URL('../support/reload-many.js', import.meta.url));

const RELOADS = 400;
const ROUTES = 10;

describe(`${RELOADS} reloads of ${ROUTES} routes`, () => {
  it('leave the heap as it was, and no handle, timer, listener or table behind', async () => {
    const child = spawn(process.execPath, ['--expose-gc', SCRIPT, String(RELOADS), String(ROUTES)], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 90_000 });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    assert.equal(stderr, '');
    const { heap, resources, retired, inFlight, tables } = JSON.parse(stdout) as Measured;
    const [early = 0, late = 0] = heap;
    const perReload = (late - early) / (RELOADS * 0.5);
    // what V8 learns about code counts too, most of it in the first hundred; one table kept would be ten times that
    assert.ok(perReload < 4096, `${Math.round(perReload)} bytes per reload: ${heap.join(' ')}`);
    assert.deepEqual(resources[1], resources[0]);
    assert.equal(retired, RELOADS);
    assert.equal(inFlight, 1);
    assert.ok(tables <= 2, `${tables} tables are alive`);
  });
});
