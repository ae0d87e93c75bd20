import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PLUGINS } from '../../src/plugins/index.js';
import { blocksOf } from '../support/docs.js';

interface Fields {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
}

for (const page of readdirSync('docs/plugins')) {
  const file = `docs/plugins/${page}`;
  const text = readFileSync(file, 'utf8');

  test(`${file} names every option, with its default`, () => {
    const plugin = PLUGINS.find(({ name }) => `${name}.md` === page);
    assert.ok(plugin, 'there is such a plugin');
    for (const [name, { default: fallback }] of Object.entries((plugin.schema as Fields).properties ?? {})) {
      assert.ok(text.includes(`\`${name}\``), name);
      const row = new RegExp(`^\\| \`${name}\` \\| (?:\`([^\`]*)\`)? *\\|`, 'm').exec(text);
      if (row && !Array.isArray(fallback)) assert.equal(row[1], fallback === undefined ? undefined : String(fallback), name);
    }
  });

  test(`${file} shows what stands in an example`, () => {
    const shown = blocksOf(file, 'yaml').filter((block) => block.startsWith('# of '));
    assert.ok(shown.length > 0);
    for (const block of shown) {
      const [origin = '', , ...lines] = block.split('\n');
      assert.ok(readFileSync(origin.replace('# of ', ''), 'utf8').includes(lines.join('\n')), origin);
    }
  });
}
