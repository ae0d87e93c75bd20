import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { startGateway, workspace } from '../support/cli.js';
import { ask, untilAnswer } from '../support/client.js';
import { tutorial } from '../support/files.js';
import { startUpstream, type TestUpstream } from '../support/counting-upstream.js';

const space = await workspace();
let upstream: TestUpstream;

before(async () => {
  upstream = await startUpstream('up');
});
after(async () => {
  await upstream.close();
  await space.remove();
});

/** Where a text cut short is nothing at all, one without its guard, one with half of it, and one that lacks little. */
const stops = (text: string): number[] => {
  const plugins = text.indexOf('    plugins:\n      key-auth:\n        _meta');
  return [0, plugins, plugins + '    plugins:\n'.length, text.indexOf('gateway:'), text.length - 1];
};

/** Asks without a key, on and on, until told to stop; returns the statuses that came. */
function probe(url: string): () => Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  let running = true;
  const loop = (async () => {
    while (running) {
      seen.add((await ask(url)).status);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  })();
  return async () => {
    running = false;
    await loop;
    return seen;
  };
}

describe('a writer that stops half way', { concurrency: true }, () => {
  for (const marker of [true, false]) {
    // the protected route stands before its upstream, so that many a prefix of the file has it without its key-auth
    const textOf = (): string => tutorial(upstream.port, { marker }).replace('routes:\n  - id: open\n    uri: /open\n    upstream_id: up\n', 'routes:\n');
    it(`never opens a protected route: file ${marker ? 'with' : 'without'} #END`, async () => {
      const text = textOf();
      const file = space.path(`marker-${marker}.yaml`);
      await writeFile(file, text);
      const gateway = await startGateway(file);
      const stop = probe(`${gateway.url}/ip`);
      try {
        for (const at of stops(text)) await writeSlowly(file, text, at, 200);
        const seen = await stop();
        assert.deepEqual([...seen], [401]);
        await writeFile(file, text.replace('disable: false', 'disable: true'));
        await untilAnswer(`${gateway.url}/ip`, ({ status }) => status === 200);
      } finally {
        await stop();
        await gateway.kill();
      }
    });
  }
});

/** Writes a file in place in two goes, with a rest between them that is longer than a save may take to settle. */
async function writeSlowly(file: string, text: string, at: number, rest: number): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.write(text.slice(0, at));
    await new Promise((resolve) => { setTimeout(resolve, rest); });
    await handle.write(text.slice(at));
  } finally {
    await handle.close();
  }
}
