import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { run, workspace } from '../support/cli.js';
import { blocksOf } from '../support/docs.js';

const DOCS = 'docs/explain.md';

const space = await workspace();
after(() => space.remove());
const [config = ''] = blocksOf(DOCS, 'yaml');
writeFileSync(space.path('config.yaml'), config);

for (const block of blocksOf(DOCS, 'console')) {
  const [command = ''] = block.split('\n', 1);
  test(`docs/explain.md shows what this prints: ${command}`, async () => {
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(2);
    const { stdout, stderr, code } = await run(args.map((arg) => (arg === 'config.yaml' ? space.path(arg) : arg)));
    assert.deepEqual([code, stderr], [0, '']);
    const printed = `${command}\n${stdout.replaceAll(`${space.dir}/`, '')}`;
    if (process.env['UPDATE'] === '1') writeFileSync(DOCS, readFileSync(DOCS, 'utf8').replace(block, () => printed));
    assert.equal(printed, block);
  });
}
