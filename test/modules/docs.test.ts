import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { run } from '../support/cli.js';
import { blocksOf } from '../support/docs.js';

const DOCS = 'docs/own-plugins.md';
// within the package, so that its name is known
const folder = mkdtempSync('examples/../dist/own-plugin-');
after(() => rmSync(folder, { recursive: true }));

test('docs/own-plugins.md: its plugin works with its configuration', async () => {
  const [config = ''] = blocksOf(DOCS, 'yaml');
  const [module = ''] = blocksOf(DOCS, 'js');
  writeFileSync(join(folder, 'tenant.js'), module);
  writeFileSync(join(folder, 'config.yaml'), config);
  writeFileSync(join(folder, 'requests.yaml'), `requests:
  - {request: GET /headers, expect: {status: 403}}
  - {request: GET /headers, headers: {x-tenant: acme}, expect: {status: 200, upstream: {headers: {x-tenant-id: acme}}}}
`);
  assert.match((await run(['test', '-c', join(folder, 'config.yaml')])).stdout, /2 cases passed/);
});

test('docs/own-plugins.md: the example passes as it shows', async () => {
  const [shown = ''] = blocksOf(DOCS, 'console');
  const { stdout } = await run(['test', '-c', 'examples/own-plugin/config.yaml']);
  assert.equal(shown, `$ gateway test -c examples/own-plugin/config.yaml\n${stdout}`);
});

test('the types of the example hold: its options are inferred from its schema', async () => {
  const options = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--ignoreConfig'];
  const tsc = (file: string): Promise<unknown> => promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', ...options, file]);
  await tsc('examples/own-plugin/tenant.js');
  writeFileSync(join(folder, 'wrong.js'), "// @ts-check\nimport { plugin } from 'gateway';\nplugin({ name: 'a', priority: 1, schema: { type: 'object', properties: {} }, compile: ({ absent }) => absent });\n");
  await assert.rejects(tsc(join(folder, 'wrong.js')), { stdout: /absent/ });
});
