import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';
import { run, workspace } from '../support/cli.js';
import { LanguageServer, type Place } from '../support/language-server.js';

const space = await workspace();
after(() => space.remove());

describe('gateway init', { concurrency: 2 }, () => {
  it('writes a file that validates without a word, and a key of its own each time', async () => {
    const [one, two] = [space.path('one.yaml'), space.path('two.yaml')];
    for (const file of [one, two]) assert.equal((await run(['init', file])).code, 0);
    assert.equal((await run(['validate', one, two, '--strict'])).stdout, `${one}: valid\n${two}: valid\n2 files: all valid\n`);
    const keyOf = (file: string): string => /key: (\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    assert.match(keyOf(one), /^[0-9a-f]{48}$/);
    assert.notEqual(keyOf(one), keyOf(two));
  });

  it('tells what to do next, and not the key', async () => {
    const file = space.path('next.yaml');
    const { stdout } = await run(['init', file]);
    assert.ok(stdout.includes(`gateway start -c ${file}`), stdout);
    assert.doesNotMatch(stdout, /[0-9a-f]{48}/);
  });

  it('never writes over a file, unless forced', async () => {
    const file = space.path('mine.yaml');
    await writeFile(file, '{}\n');
    const { code, stdout, stderr } = await run(['init', file]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /mine\.yaml is there already: name another file, or replace it with --force/);
    assert.equal(readFileSync(file, 'utf8'), '{}\n');
    assert.equal((await run(['init', file, '--force'])).code, 0);
    assert.ok(statSync(file).size > 500);
  });

  it('names the file as a shell takes it', async () => {
    const file = space.path("it's mine.yaml");
    const { stdout } = await run(['init', file]);
    assert.ok(stdout.includes(`gateway validate '${file.replace("'", "'\\''")}'\n`), stdout);
  });

  it('exits 2 where its name would be stdin to whoever reads it', async () => {
    for (const name of ['-', '']) assert.deepEqual([(await run(['init', name])).code, name], [2, name]);
  });

  it('exits 1 where it cannot write', async () => {
    const { code, stderr } = await run(['init', space.path('no/such/folder.yaml')]);
    assert.equal(code, 1);
    assert.match(stderr, /there is no folder .*no\/such/);
  });

  it('names the schema that lies in the package', async () => {
    const file = space.path('schema.yaml');
    await run(['init', file]);
    const url = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    assert.equal(readFileSync(new URL(url), 'utf8'), (await run(['schema'])).stdout);
  });
});

describe('an editor with the YAML language server', () => {
  let server: LanguageServer;
  before(async () => {
    server = new LanguageServer();
    await server.initialize();
  });
  after(() => server.close());

  /** Opens a text with the starter's schema line above it; `|` marks the place that is asked about. */
  async function open(name: string, text: string): Promise<{ readonly uri: string; readonly at: Place; readonly told: readonly string[] }> {
    await mkdir(space.path('editor'), { recursive: true });
    const starter = space.path(`editor/${name}`);
    await run(['init', starter, '--force']);
    const [line = ''] = readFileSync(starter, 'utf8').split('\n');
    const whole = `${line}\n${text}`;
    const before = whole.slice(0, Math.max(whole.indexOf('|'), 0)).split('\n');
    const uri = pathToFileURL(starter).href;
    return { uri, at: { line: before.length - 1, character: before.at(-1)?.length ?? 0 }, told: await server.open(uri, whole.replace('|', '')) };
  }

  it('completes the fields at the top', async () => {
    const { uri, at } = await open('top.yaml', '|\n');
    const labels = await server.complete(uri, at);
    for (const field of Object.keys(fileSchema(PLUGINS)['properties'] as object)) assert.ok(labels.includes(field), `${field}: ${labels.join(', ')}`);
  });

  it('completes the plugins of a route', async () => {
    const { uri, at } = await open('plugins.yaml', 'routes:\n  - uri: /ip\n    plugins:\n      |\n');
    const labels = await server.complete(uri, at);
    for (const { name } of PLUGINS) assert.ok(labels.includes(name), `${name}: ${labels.join(', ')}`);
  });

  it('explains a field', async () => {
    const { uri, at } = await open('hover.yaml', 'routes:\n  - uri: /ip\n    prio|rity: 1\n    plugins: {}\n');
    const text = await server.hover(uri, at);
    assert.match(text, /routes\\?\[\\?\]\.priority/);
    assert.match(text, /Among routes of the same path the higher goes first/);
  });

  it('marks a field that nothing knows, and nothing in the starter', async () => {
    const { told } = await open('wrong.yaml', 'routes:\n  - uri: /ip\n    plguins: {}\n');
    assert.ok(told.some((message) => message.includes('plguins')), told.join('\n'));
    const starter = space.path('editor/starter.yaml');
    await run(['init', starter]);
    assert.deepEqual(await server.open(pathToFileURL(starter).href, readFileSync(starter, 'utf8')), []);
  });
});
