import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { serveExample } from './support/example.js';

interface Case {
  readonly name: string;
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expect: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly contains?: string; readonly lacks?: string };
}

for (const example of readdirSync('examples')) {
  test(`the example ${example} answers as its requests.yaml says`, async (t) => {
    const { requests } = parse(readFileSync(`examples/${example}/requests.yaml`, 'utf8')) as { requests: Case[] };
    const { url } = await serveExample(example, 'json', (end) => t.after(end));
    for (const item of requests) await t.test(item.name, () => check(url, item));
  });
}

async function check(url: string, { request, headers = {}, expect }: Case): Promise<void> {
  const [method = '', target = ''] = request.split(' ');
  const response = await fetch(url + target, { method, headers });
  const body = await response.text();
  assert.equal(response.status, expect.status);
  for (const [name, value] of Object.entries(expect.headers ?? {})) assert.equal(response.headers.get(name), value);
  if (expect.body !== undefined) assert.equal(body, expect.body);
  assert.ok(body.includes(expect.contains ?? ''), body);
  if (expect.lacks !== undefined) assert.ok(!body.includes(expect.lacks), body);
}
