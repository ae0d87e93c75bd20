import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sourceOf } from '../../src/config/source.js';
import { createLoader } from '../../src/load.js';
import { keyAuth } from '../../src/plugins/key-auth.js';
import { plugin } from '../../src/plugins/plugin.js';
import { Store } from '../../src/state/store.js';

const picky = plugin({
  name: 'picky', priority: 1, schema: { type: 'object', properties: { a: { type: 'integer' } } },
  compile(options, binding) {
    if (options.a === 1) binding.warn(['a'], 'one is few');
    if (options.a === 2) binding.reject(['a'], 'two is too many');
    if (options.a === 3) binding.warnOfMissingConsumer(['a'], 'tmo', 'nobody is let in');
    return {};
  },
});

const load = (a: number) => {
  const { value: source } = sourceOf('a.yaml', Buffer.from(`consumers: [{username: tom, plugins: {key-auth: {key: key-of-the-test-0}}}]\nroutes:\n  - {uri: /, plugins: {picky: {a: ${a}}}}\n`));
  assert.ok(source);
  const { value, diagnostics } = createLoader([picky, keyAuth], {})(source, new Store(), 1);
  value?.table.retire(() => {});
  return { applies: value !== undefined, told: diagnostics.map(({ severity, code, message, hint, range }) => [severity, code, message, hint, range?.start.line]) };
};

it('a plugin refuses a configuration, or warns of it, where it stands', () => {
  assert.deepEqual(load(1), { applies: true, told: [['warning', 'plugin-rejected', 'one is few', undefined, 3]] });
  assert.deepEqual(load(2), { applies: false, told: [['error', 'plugin-rejected', 'two is too many', undefined, 3]] });
  assert.deepEqual(load(3), { applies: true, told: [['warning', 'dangling-reference', 'there is no consumer `tmo`: nobody is let in', 'did you mean `tom`?', 3]] });
  assert.deepEqual(load(4), { applies: true, told: [] });
});
