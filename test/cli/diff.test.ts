import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { run, workspace } from '../support/cli.js';

const text = (guard: string): string => `# the shop\nroutes: [{id: r1, uri: /ip, upstream: {nodes: {a: 1}}, plugins: {${guard}}}]\n`;

interface Report {
  readonly before: string;
  readonly after: string;
  readonly same: boolean;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
}

describe('gateway diff', { concurrency: 3 }, () => {
  let space: Awaited<ReturnType<typeof workspace>>;
  before(async () => {
    space = await workspace();
    writeFileSync(space.path('closed.yaml'), text('key-auth: {}'));
    writeFileSync(space.path('open.yaml'), text(''));
    writeFileSync(space.path('closed.json'), JSON.stringify({ routes: [{ plugins: { 'key-auth': {} }, upstream: { nodes: { a: 1 } }, uri: '/ip', id: 'r1' }] }));
    writeFileSync(space.path('bad.yaml'), 'routes: 3\n');
  });
  after(() => space.remove());

  it('exits 0 when nothing changed, however it is written', async () => {
    const { code, stdout } = await run(['diff', space.path('closed.yaml'), space.path('closed.json')]);
    assert.deepEqual([code, stdout], [0, `${space.path('closed.yaml')} and ${space.path('closed.json')}: no difference\n`]);
  });

  it('exits 1 when something did, and tells it', async () => {
    const { code, stdout, stderr } = await run(['diff', space.path('closed.yaml'), space.path('open.yaml')]);
    assert.deepEqual([code, stderr], [1, '']);
    assert.equal(stdout, `${space.path('closed.yaml')} → ${space.path('open.yaml')}: 1 change, 1 of them about security\n\nSecurity\n  ! authentication removed  route r1: key-auth removed\n`);
  });

  it('reads either file from stdin, and tells programs', async () => {
    const { code, stdout } = await run(['diff', '--format', 'json', '-', space.path('open.yaml')], { input: text('key-auth: {realm: x, _meta: {disable: false}}') });
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout) as Report, {
      before: '<stdin>', after: space.path('open.yaml'), same: false,
      changes: [{ security: 'authentication-removed', resource: 'routes', id: 'r1', subject: 'route r1', action: 'changed', field: 'plugins.key-auth', text: 'key-auth removed' }],
    });
    const other = await run(['diff', '--format', 'json', space.path('open.yaml'), '-'], { input: text('') });
    assert.deepEqual([other.code, (JSON.parse(other.stdout) as Report).changes], [0, []]);
  });

  it('exits 2 when a file is refused or not there, and tells what is wrong with it', async () => {
    const refused = await run(['diff', space.path('bad.yaml'), space.path('open.yaml')]);
    assert.equal(refused.code, 2);
    assert.match(refused.stdout, /bad\.yaml:1:9: error: `routes` must be a list[^]*bad\.yaml: refused\n$/);
    const missing = await run(['diff', '--format', 'json', space.path('open.yaml'), space.path('gone.yaml')]);
    assert.equal(missing.code, 2);
    const { refused: files } = JSON.parse(missing.stdout) as { readonly refused: readonly { readonly file: string; readonly diagnostics: readonly { readonly code: string }[] }[] };
    assert.deepEqual(files.map(({ file, diagnostics }) => [file, diagnostics.map(({ code }) => code)]), [[space.path('gone.yaml'), ['file-missing']]]);
  });

  it('exits 2 for wrong usage', async () => {
    assert.equal((await run(['diff', space.path('open.yaml')])).code, 2);
    const { code, stderr } = await run(['diff', '-', '-']);
    assert.equal(code, 2);
    assert.match(stderr, /stdin can be read once/);
  });
});
