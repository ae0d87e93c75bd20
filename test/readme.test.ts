import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { PLUGINS } from '../src/plugins/index.js';
import { fileSchema } from '../src/schema/file.js';
import { blocksOf } from './support/docs.js';
import { exampleText, serveExample } from './support/example.js';

const readme = readFileSync('README.md', 'utf8');
const example = exampleText('key-auth');
const blocks = (language: string): string[] => blocksOf('README.md', language);
const run = promisify(execFile);

test('the YAML of the tutorial stands in the example', () => {
  const [tutorial = ''] = blocks('yaml');
  const without = (text: string): string => text.replace(/ *#.*$/gm, '');
  for (const part of tutorial.trim().split('\n\n')) assert.ok(without(example).includes(part), part);
});

test('the two commands stand in package.json and in the continuous integration', () => {
  assert.deepEqual(blocks('sh'), ['npm install && npm start\n', 'npm install && npm test\n']);
  assert.match(readFileSync('.ci/run', 'utf8'), /^npm install && npm test$/m);
});

test('the tutorial goes as it says: every line, the edit, the mistake', async (t) => {
  const { gateway, url, file, save } = await serveExample('key-auth', 'pretty', (end) => t.after(end));
  const [before = '', with_ = '', after = ''] = blocks('console');
  await checkConsole(before, url);
  await checkConsole(with_, url);

  const [warning = '', refusal = ''] = blocks('text');
  const edited = example.replace('disable: false', 'disable: true');
  save(edited);
  await gateway.says(shape(warning, file));
  await checkConsole(after, url);

  save(edited.replace('key-auth:\n        _meta', 'key-atuh:\n        _meta'));
  await gateway.says(shape(refusal, file));
  await checkConsole(after, url);
});

test('hash-key prints what the documentation shows', async () => {
  const block = blocksOf('docs/plugins/key-auth.md', 'console').find((text) => text.includes('hash-key')) ?? '';
  const [, shown = ''] = block.split('\n');
  const child = run(process.execPath, ['bin/gateway.js', 'hash-key']);
  child.child.stdin?.end('secret-key');
  assert.equal((await child).stdout, `${shown}\n`);
});

test('every command and option that the program has is in the README', async () => {
  const { stdout } = await run(process.execPath, ['bin/gateway.js', '--help']);
  const commands = [...stdout.matchAll(/^ {2}(\w[\w-]+) \[options\]|^ {2}(hash-key|demo)\b/gm)].map((m) => m[1] ?? m[2] ?? '').filter((name) => name !== 'help');
  assert.ok(commands.length >= 5);
  for (const command of commands) assert.ok(readme.includes(`gateway ${command}`), command);
  const start = await run(process.execPath, ['bin/gateway.js', 'start', '--help']);
  for (const [option] of start.stdout.matchAll(/--[a-z-]+/g)) if (option !== '--help') assert.ok(readme.includes(option) || option === '--config', option);
});

test('every page of the documentation is in the README', () => {
  for (const page of pages()) assert.ok(readme.includes(`](${page.startsWith('docs/plugins/') ? 'docs/plugins' : page})`), page);
});

test('every link of the documentation leads to a file, and to a heading where it names one', () => {
  for (const page of ['README.md', ...pages()]) {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)\s]*)\)/g)) {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(file), `${page}: ${target}`);
      if (heading !== undefined) assert.ok(headingsOf(file).includes(heading), `${page}: ${target}`);
    }
  }
});

test('the page on the file has every field of the lists that it goes through', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');
  const { properties } = fileSchema(PLUGINS) as unknown as { properties: Readonly<Record<string, Fields & { readonly items?: Fields }>> };
  const told = (name: string): boolean => new RegExp(`\`(?:[^\`\\n]*\\.)?${name}\\b`).test(page);
  const fields = ['routes', 'upstreams', 'gateway'].flatMap((list) => Object.keys(properties[list]?.items?.properties ?? properties[list]?.properties ?? {}));
  assert.ok(fields.length > 40);
  assert.deepEqual([...Object.keys(properties), ...fields].filter((name) => !told(name) && name !== 'create_time' && name !== 'update_time'), []);
});

interface Fields {
  readonly properties?: object;
}

function pages(): string[] {
  return readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name.replaceAll('\\', '/')}`);
}

/** The anchors of a page's headings, as they are made of their words. */
function headingsOf(file: string): string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm), ([, words = '']) => words.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
}

/** Sends each curl line of a console block; every line shown below it must be a line of the answer. */
async function checkConsole(block: string, url: string): Promise<void> {
  for (const entry of block.split(/^\$ /m).slice(1)) {
    const [command = '', ...shown] = entry.trimEnd().split('\n');
    const answer = await curl(command, url);
    for (const line of shown.filter((text) => text !== '')) assert.ok(answer.some((got) => got.replace(/,$/, '') === line), `${command}\nshows ${line}\ngot ${answer.join('\n')}`);
  }
}

/** What curl prints for one of the README's lines; the machine needs no curl. */
async function curl(command: string, url: string): Promise<string[]> {
  const target = /(http:\/\/127\.0\.0\.1:9080)(\/[^\s']*)/.exec(command)?.[2] ?? '';
  const headers = [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map((m): [string, string] => [m[1] ?? '', m[2] ?? '']);
  return new Promise((resolve, reject) => {
    http.get(url + target, { headers: Object.fromEntries(headers) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => {
        const raw = answer.rawHeaders;
        const head = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
        resolve([`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...head, ...text.split('\n')]);
      });
    }).on('error', reject);
  });
}

/** A shown log text as a pattern: hashes and times differ, and so does where the copy of the file lies. */
function shape(text: string, file: string): RegExp {
  const escaped = text.trimEnd().replaceAll('examples/key-auth/config.yaml', file).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(escaped.replace(/hash [0-9a-f]{12}/, 'hash [0-9a-f]{12}').replace(/[\d]+\\\.\d+ ms/, '\\d+\\.\\d+ ms'));
}
