import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { plugin } from '../../src/plugins/plugin.js';
import { Store } from '../../src/state/store.js';

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'run'));
writeFileSync(join(folder, 'outside'), 'outside');
writeFileSync(join(folder, 'run', 'plain'), 'from a file\n');
writeFileSync(join(folder, 'run', 'json'), '{"user": "of a field", "number": 1}');
writeFileSync(join(folder, 'run', 'empty'), '\n');

const ENV = { PLAIN: 'from the environment', APP_KEY: 'with a prefix', JSON: '{"user": "of JSON"}', EMPTY: '' };

/** What a plugin on a route is given in place of a value, or the code of the refusal. */
function resolved(value: unknown, where: 'plugins' | 'metadata' = 'plugins'): unknown {
  let seen: unknown;
  const reader = plugin({
    name: 'reader', priority: 1, schema: { type: 'object', properties: { a: {} } } as const, metadataSchema: { type: 'object', properties: { a: {} } } as const,
    compile(options, { metadata }) {
      seen = where === 'plugins' ? options.a : metadata?.a;
      return {};
    },
  });
  const config = {
    secrets: [{ id: 'file/run', directory: join(folder, 'run') }, { id: 'env/app', prefix: 'APP_' }],
    routes: [{ uri: '/', plugins: { reader: where === 'plugins' ? { a: value } : {} } }],
    plugin_metadata: where === 'metadata' ? [{ id: 'reader', a: value }] : [],
  };
  const { value: source } = sourceOf('a.yaml', Buffer.from(JSON.stringify(config)));
  assert.ok(source);
  const { value: loaded, diagnostics } = createLoader([reader], ENV)(source, new Store(), 1);
  loaded?.table.retire(() => {});
  return loaded ? seen : diagnostics.map(({ code }) => code).join();
}

describe('a reference to a secret', () => {
  for (const [written, found] of [
    ['$env://PLAIN', 'from the environment'], ['$ENV://PLAIN', 'from the environment'], ['$env://JSON/user', 'of JSON'],
    ['$secret://file/run/plain', 'from a file'], ['$SECRET://file/run/json/user', 'of a field'], ['$secret://env/app/KEY', 'with a prefix'],
    ['$env://MISSING', 'secret-not-set'], ['$env://EMPTY', 'secret-not-set'], ['$env://PLAIN/user', 'secret-not-set'], ['$env://JSON/other', 'secret-not-set'],
    ['$secret://file/run/missing', 'secret-not-set'], ['$secret://file/run/empty', 'secret-not-set'], ['$secret://file/run/json/number', 'secret-not-set'],
    ['$secret://file/run/..', 'secret-not-set'], ['$secret://file/run', 'secret-not-set'], ['$secret://file/other/plain', 'dangling-reference'],
    ['$secret://vault/1/key', 'unsupported-secret'], ['$secret://aws/1/key', 'unsupported-secret'],
    ['a $env://PLAIN within a text', 'a $env://PLAIN within a text'], [5, 5],
  ] as const) {
    it(`${JSON.stringify(written)} comes to ${JSON.stringify(found)}`, () => assert.equal(resolved(written), found));
  }

  it('leads to no file outside of the directory', () => {
    for (const name of ['../outside', '..%2Foutside', '..\\outside']) assert.equal(resolved(`$secret://file/run/${name}`), 'secret-not-set');
  });

  it('is found within lists and mappings, and in plugin metadata', () => {
    assert.deepEqual(resolved({ b: ['x', { c: '$env://PLAIN' }] }), { b: ['x', { c: 'from the environment' }] });
    assert.equal(resolved('$secret://file/run/plain', 'metadata'), 'from a file');
  });
});
