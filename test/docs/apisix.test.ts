import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { APISIX_PLUGINS } from '../../src/schema/apisix-plugins.js';
import { fileSchema } from '../../src/schema/file.js';
import { meta } from '../../src/schema/route.js';
import { isAuthPlugin } from '../../src/plugins/plugin.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fieldsOf } from './apisix/fields.js';
import { apisixPage } from './apisix/page.js';
import { FIELDS, OURS, PLUGIN_REMARKS, RESOURCES, UNUSED } from './apisix/remarks.js';
import { SETTINGS } from './apisix/settings.js';

/** What is the gateway's own, and what is listed with each plugin. */
const NOT_HERE: ReadonlySet<string> = new Set(['gateway', 'plugin_metadata']);
const PAGE = 'docs/apisix.md';
const { properties } = fileSchema(PLUGINS) as { readonly properties: Readonly<Record<string, { readonly items?: unknown }>> };
const fields = new Map(Object.entries(properties).map(([list, { items }]) => [list, fieldsOf(items).map(({ name }) => name)]));

test('docs/apisix.md is what the schemas, the plugins and the remarks make of it (npm run docs writes it)', () => {
  const page = apisixPage(PLUGINS);
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, page);
  assert.equal(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '', page);
});

test('docs/apisix.md lists every field of every resource, every option of every plugin, and every plugin of APISIX', () => {
  const page = readFileSync(PAGE, 'utf8');
  const sectionOf = (list: string): string => page.split(`\n### ${list}\n`)[1]?.split('\n#')[0] ?? '';
  // by another way than the page is made: from the names in the schemas alone
  for (const [list, { items }] of Object.entries(properties)) for (const name of NOT_HERE.has(list) ? [] : namesIn(items)) assert.match(sectionOf(list), new RegExp(`[\`.]${name}\``), `${list}: ${name}`);
  for (const name of namesIn(meta)) assert.ok(sectionOf('_meta, of any plugin').includes(`\`${name}\``), name);
  for (const plugin of PLUGINS) {
    const options = [plugin.schema, plugin.metadataSchema, isAuthPlugin(plugin) ? plugin.credentialSchema : undefined].flatMap(namesIn);
    for (const option of options) assert.match(page, new RegExp(`^\\| \\[?${plugin.name}[\\] ].*[\`.]${option}\``, 'm'), `${plugin.name}: ${option}`);
  }
  for (const name of APISIX_PLUGINS) assert.ok(page.includes(`\`${name}\``) || PLUGINS.some((plugin) => plugin.name === name), name);
});

test('what is remarked in docs/apisix.md is about resources, fields, settings and plugins that there are', () => {
  const places = new Set([...fields].flatMap(([list, names]) => names.flatMap((name) => [name, `${list}.${name}`])));
  for (const place of [...Object.keys(FIELDS), ...OURS, ...UNUSED]) assert.ok(places.has(place), place);
  assert.deepEqual(Object.keys(RESOURCES), Object.keys(properties));
  for (const name of Object.keys(PLUGIN_REMARKS)) assert.ok(PLUGINS.some((plugin) => plugin.name === name), name);
  const settings = new Set(fieldsOf(properties['gateway']).map(({ name }) => name));
  for (const [theirs, ours] of SETTINGS) assert.ok(ours === '' || settings.has(ours), theirs);
});

/** Every name that stands under `properties` anywhere, but within what has a section of its own. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => {
    if (keyword === 'default' || keyword === 'examples' || keyword === 'enum') return [];
    if (keyword !== 'properties') return namesIn(value);
    return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([name, property]) => [name, ...(name === 'upstream' || name === '_meta' ? [] : namesIn(property))]);
  });
}
