import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { run, startGateway, workspace } from '../support/cli.js';
import { ask } from '../support/client.js';
import { saveByRename, tutorial } from '../support/files.js';
import { ENV, PARTS, PLACES, SECRET } from '../support/planted.js';

const space = await workspace();
after(() => space.remove());

const env = Object.fromEntries(Object.entries(ENV).filter(([, value]) => value !== undefined));
const files = Object.keys(PLACES).map((_, i) => space.path(`${i}.yaml`));
const GOOD = tutorial(9).replace('key: secret-key', `keys: [${SECRET}-one, ${SECRET}-two]`);

before(() => Promise.all(Object.values(PLACES).map((text, i) => writeFile(files[i] ?? '', text))));

function silent(...texts: readonly string[]): void {
  for (const text of texts) {
    const [shown] = PARTS.exec(text) ?? [];
    assert.equal(shown, undefined, text.slice(Math.max(0, text.search(PARTS) - 600), text.search(PARTS) + 100));
    assert.doesNotMatch(text, /7345091/);
  }
}

describe('a secret that stands anywhere in a file', { concurrency: 2 }, () => {
  for (const format of ['pretty', 'json', 'github', 'sarif']) {
    it(`is in no report of gateway validate --format ${format}, strict or not, in colours or not`, async () => {
      const [plain, strict] = await Promise.all([
        run(['validate', ...files, '--format', format], { env, within: 60_000 }),
        run(['validate', ...files, '--format', format, '--strict'], { env: { ...env, FORCE_COLOR: '1' }, within: 60_000 }),
      ]);
      for (const { code, stdout, stderr } of [plain, strict]) {
        assert.equal(code, 1);
        assert.ok(stdout.length > 10_000);
        silent(stdout, stderr);
      }
    });
  }

  it('is in no report of a file on stdin', async () => {
    const { stdout, stderr } = await run(['validate', '-'], { input: PLACES['misspelt keyy'] ?? '' });
    assert.match(stdout, /unknown-field/);
    silent(stdout, stderr);
  });

  for (const format of ['pretty', 'json']) {
    it(`is in no ${format} log of a start that is refused`, async () => {
      const places = ['keys, flow', 'two consumers, one key', 'json, cut off', 'a yaml key', 'unclosed double quote', 'commented out'];
      for (const place of places) {
        const file = files[Object.keys(PLACES).indexOf(place)] ?? '';
        const { code, stdout, stderr } = await run(['start', '-c', file, '--log-format', format, '--log-level', 'debug'], { env });
        assert.equal(code, 1);
        silent(stdout, stderr);
      }
    });
  }

  it('is in no log and no status of reloads that are refused, or applied with other keys', async () => {
    const file = space.path('live.yaml');
    await writeFile(file, GOOD);
    const gateway = await startGateway(file, ['--log-level', 'debug'], { env });
    try {
      for (const place of ['key, fault after', 'numeric key', 'duplicate keys', 'flow, bare word', 'literal block', 'as plugin name']) {
        await gateway.outcome(() => saveByRename(file, `${PLACES[place]}\n#END\n`), / refused, /);
        silent((await ask(`${gateway.admin}/status`)).body);
      }
      await gateway.outcome(() => saveByRename(file, GOOD.replace('-two', '-three')), / applied: /);
      silent((await ask(`${gateway.admin}/status`)).body, gateway.program.stderr);
      assert.equal((await fetch(`${gateway.url}/ip`, { headers: { apikey: `${SECRET}-three` } })).status, 502);
      silent(gateway.program.stderr);
    } finally {
      await gateway.kill();
    }
  });

  it('is not in what init prints', async () => {
    const file = space.path('new.yaml');
    const { stdout, stderr } = await run(['init', file]);
    const key = /key: ([0-9a-f]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 'none';
    assert.ok(!`${stdout}${stderr}`.includes(key.slice(0, 8)));
  });
});
