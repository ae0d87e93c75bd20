import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { Gateway } from '../../src/proxy/gateway.js';
import { Reloader } from '../../src/reload.js';
import { Store } from '../../src/state/store.js';
import { run, startGateway, workspace } from '../support/cli.js';
import { contentOf, CORPUS, diagnosticsOf, ENV, names } from '../support/corpus.js';
import { saveByRename } from '../support/files.js';

interface Checked {
  readonly file: string;
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

/** Every file takes half a minute. */
const EACH = 9;
const FIRST = '{routes: [], gateway: {listen: 127.0.0.1:0}}\n';
const files = (['ok', 'err'] as const).flatMap((folder) => names(folder).map((name) => ({ folder, name, path: fileURLToPath(new URL(`${folder}/${name}`, CORPUS)) })));
const env = Object.fromEntries(Object.entries(ENV).filter(([, value]) => value !== undefined));
/** What the command says of every file of the corpus. */
const said = run(['validate', ...files.map(({ path }) => path), '--format', 'json'], { env, within: 60_000 }).then(({ stdout }) => JSON.parse(stdout) as { readonly files: readonly Checked[] });

const space = await workspace();
after(() => space.remove());

describe('gateway validate and a reload', () => {
  it('agree on every file of the corpus, and say the same of it', async () => {
    const store = new Store();
    const loader = createLoader(PLUGINS, ENV);
    const first = loader(sourceOf('first.yaml', Buffer.from(FIRST)).value ?? assert.fail(), store, 1).value ?? assert.fail();
    const gateway = new Gateway(first.table, () => {});
    const reloader = new Reloader({ file: 'live.yaml', loader, store, gateway, notify: () => {} }, first, [], 0);
    const reports = (await said).files;
    for (const [i, { folder, name }] of files.entries()) {
      reloader.apply(contentOf(folder, name));
      const { outcome, diagnostics } = reloader.last;
      assert.equal(outcome, reports[i]?.valid ? 'applied' : 'refused', name);
      assert.deepEqual(diagnostics.map(({ code }) => code), reports[i]?.diagnostics.map(({ code }) => code), name);
      assert.deepEqual(diagnostics, diagnosticsOf(folder, name, 'live.yaml'), name);
    }
    reloader.close();
    gateway.table.retire(() => {});
  });

  it('agree in a running gateway too, whose file is replaced by files of the corpus', async () => {
    const file = space.path('live.yaml');
    await writeFile(file, FIRST);
    const gateway = await startGateway(file, [], { env });
    try {
      // what a watch would wait for is another matter, and so is what lies beside a file
      const plain = (text: string): boolean => text.endsWith('\n') && !/#END|\$file:/.test(text);
      for (const [i, { folder, name }] of files.entries()) {
        const content = contentOf(folder, name);
        if (i % EACH !== 0 || !plain(content.toString())) continue;
        const { msg } = await gateway.outcome(() => saveByRename(file, content));
        assert.equal(/ applied: /.test(msg), (await said).files[i]?.valid, `${name}: ${msg}`);
      }
    } finally {
      await gateway.kill();
    }
  });
});
