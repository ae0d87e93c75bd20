import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { run, workspace } from '../support/cli.js';
import { blocksOf } from '../support/docs.js';

const DOCS = 'docs/diff.md';

const space = await workspace();
after(() => space.remove());
const files = blocksOf(DOCS, 'yaml');
['old.yaml', 'new.yaml', 'within.yaml', 'without.yaml'].forEach((name, i) => writeFileSync(space.path(name), files[i] ?? ''));

for (const block of blocksOf(DOCS, 'console')) {
  const [command = ''] = block.split('\n', 1);
  test(`docs/diff.md shows what this prints: ${command}`, async () => {
    const { stdout, stderr, code } = await run(command.split(' ').slice(2).map((arg) => (arg.endsWith('.yaml') ? space.path(arg) : arg)));
    assert.deepEqual([code, stderr], [1, '']);
    const printed = `${command}\n${stdout.replaceAll(`${space.dir}/`, '')}`;
    if (process.env['UPDATE'] === '1') writeFileSync(DOCS, readFileSync(DOCS, 'utf8').replace(block, () => printed));
    assert.equal(printed, block);
  });
}
