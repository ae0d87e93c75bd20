import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { casesSchema } from '../../src/schema/cases.js';
import { exampleText } from '../support/example.js';
import { run } from '../support/cli.js';
import { blocksOf } from '../support/docs.js';

const DOCS = 'docs/testing.md';
const text = readFileSync(DOCS, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'gateway-docs-'));
after(() => rmSync(folder, { recursive: true }));

const [cases = '', retry = ''] = blocksOf(DOCS, 'yaml');
const [passed = '', failed = ''] = blocksOf(DOCS, 'console');

/** Writes the cases beside the configuration, and runs the command in their folder. */
async function gatewayTest(requests: string, config = exampleText('key-auth')): Promise<{ readonly shown: string; readonly code: number | null }> {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, config);
  writeFileSync(join(folder, 'requests.yaml'), requests);
  const { stdout, stderr, code } = await run(['test', '-c', path]);
  assert.equal(stderr, '');
  return { shown: `$ gateway test -c config.yaml\n${stdout.replaceAll(`${folder}/`, '')}`, code };
}

test('docs/testing.md: its cases pass, and are told as it shows', async () => {
  assert.deepEqual(await gatewayTest(cases), { shown: passed, code: 0 });
});

test('docs/testing.md: a case that fails is told as it shows', async () => {
  assert.deepEqual(await gatewayTest(cases.replace('status: 401', 'status: 200').replace(/      body: .*\n      upstream: false\n/, '')), { shown: failed, code: 1 });
});

test('docs/testing.md: a node that is down is no matter', async () => {
  const two = exampleText('key-auth').replace('127.0.0.1:9081: 1', '127.0.0.1:9081: 1\n      127.0.0.1:9082: 1');
  assert.equal((await gatewayTest(retry, two)).code, 0);
});

test('docs/testing.md names every field of a case', () => {
  const fields = (schema: unknown): string[] => {
    if (typeof schema !== 'object' || schema === null) return [];
    return Object.entries(schema).flatMap(([keyword, value]) => [...(keyword === 'properties' ? Object.keys(value as object) : []), ...fields(value)]);
  };
  for (const field of new Set(fields(casesSchema))) assert.match(text, new RegExp(`\\b${field}\\b`), field);
});
