import { existsSync, readFileSync } from 'node:fs';
import { adviceFor } from '../../../src/config/advice.js';
import { adviceForPlugin } from '../../../src/config/plugin-advice.js';
import { isAuthPlugin, type Plugin } from '../../../src/plugins/plugin.js';
import { APISIX_PLUGINS } from '../../../src/schema/apisix-plugins.js';
import { fileSchema, type SchemaObject } from '../../../src/schema/file.js';
import { meta } from '../../../src/schema/route.js';
import { DIFFERENCES } from './differences.js';
import { fieldsOf, type Field } from './fields.js';
import { measured } from './measured-table.js';
import { FIELDS, OURS, PLUGIN_REMARKS, RESOURCES, UNUSED } from './remarks.js';
import { SETTINGS } from './settings.js';
import { table } from './table.js';

const HEAD = `# Compared with Apache APISIX

The file, its fields, who wins, statuses and bodies are those of APISIX 3.18 in standalone mode. This page says what there is
of it, and what differs on purpose. \`gateway validate apisix.yaml\` says it of a file: each field and plugin that is not
supported, with its line, and what to do instead. Nothing is passed over in silence.

- [Resources](#resources) and [their fields](#fields)
- [Plugins](#plugins)
- [What stands in config.yaml](#what-stands-in-configyaml)
- [What differs on purpose](#what-differs-on-purpose)
- [Measured](#measured)
`;

/** The text of docs/apisix.md, made of the schemas, the plugins, and what is remarked on them here. */
export function apisixPage(plugins: readonly Plugin[]): string {
  const schema = fileSchema(plugins);
  const { properties, 'x-unsupported': refused } = schema as { readonly properties: Lists; readonly 'x-unsupported': readonly string[] };
  const lists = Object.entries(properties).filter(([list]) => list !== 'gateway');
  return [
    HEAD, resources(Object.keys(properties), refused),
    '## Fields\n\nA field that is neither here nor known to APISIX is an error.\n',
    ...lists.map(([list, { items }]) => fieldTable(list, fieldsOf(items))),
    fieldTable('_meta, of any plugin', fieldsOf(meta)),
    supported(plugins), unsupported(plugins), settings(), differences(), measured(),
  ].join('\n');
}

type Lists = Readonly<Record<string, SchemaObject & { readonly items?: unknown }>>;

function resources(lists: readonly string[], refused: readonly string[]): string {
  const rows = lists.map((list) => [`\`${list}\``, 'yes', RESOURCES[list] ?? '']);
  return `## Resources\n\n${table(['list', 'here', ''], [...rows, ...refused.map((list) => [`\`${list}\``, 'no', adviceFor(list)])])}`;
}

function fieldTable(list: string, fields: readonly Field[]): string {
  const rows = fields.map((field) => [`\`${field.name}\``, here(list, field), remark(list, field)]);
  return `### ${list}\n\n${table(['field', 'here', ''], rows)}`;
}

function here(list: string, { name, supported }: Field): string {
  if (!supported) return 'no';
  if (OURS.has(`${list}.${name}`)) return 'yes; ours';
  return UNUSED.has(name) ? 'taken, not used' : 'yes';
}

const remark = (list: string, { name, supported: is }: Field): string => (is ? (FIELDS[`${list}.${name}`] ?? FIELDS[name] ?? '') : adviceFor(name.split('.').at(-1) ?? name));

function supported(plugins: readonly Plugin[]): string {
  const sorted = plugins.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = sorted.map((plugin) => [pageOf(plugin.name), optionNames(plugin.schema), besides(plugin), refusedNames(plugin.schema), [PLUGIN_REMARKS[plugin.name], differencesOf(plugin.name)].filter(Boolean).join('; ')]);
  return `## Plugins\n\nThose that there are, with all their options, and those of APISIX that are refused; how each differs stands on its page. Any plugin takes \`_meta\`.\n\n${table(['plugin', 'options', 'besides', 'refused', ''], rows)}`;
}

function pageOf(name: string): string {
  return existsSync(pathOf(name)) ? `[${name}](plugins/${name}.md)` : name;
}

const pathOf = (name: string): string => `docs/plugins/${name}.md`;

/** Where a plugin's page tells what differs. */
function differencesOf(name: string): string {
  const [, heading] = existsSync(pathOf(name)) ? (/^## (Differences to .*|Compared with .*)$/m.exec(readFileSync(pathOf(name), 'utf8')) ?? []) : [];
  return heading === undefined ? '' : `[differences](plugins/${name}.md#${heading.toLowerCase().replaceAll(' ', '-')})`;
}

const optionNames = (schema: unknown): string => fieldsOf(schema).filter(({ supported }) => supported).map(({ name }) => `\`${name}\``).join(' ');

const refusedNames = (schema: unknown): string => fieldsOf(schema).filter(({ supported: is }) => !is).map(({ name }) => `\`${name}\``).join(' ');

function besides(plugin: Plugin): string {
  const credential = isAuthPlugin(plugin) ? optionNames(plugin.credentialSchema) : '';
  const metadata = optionNames(plugin.metadataSchema);
  return [credential && `on a consumer: ${credential}`, metadata && `as metadata: ${metadata}`].filter(Boolean).join('; ');
}

const OTHERWISE = 'nothing is in its place yet: where it guards something, let a proxy or the service do it; else remove it';

/** APISIX's plugins that are refused, by what is to be done about them. */
function unsupported(plugins: readonly Plugin[]): string {
  const there = new Set(plugins.map(({ name }) => name));
  const byAdvice = new Map<string, string[]>();
  for (const name of [...APISIX_PLUGINS].filter((plugin) => !there.has(plugin)).sort()) {
    const advice = adviceForPlugin(name) ?? OTHERWISE;
    byAdvice.set(advice, [...(byAdvice.get(advice) ?? []), name]);
  }
  const rows = [...byAdvice].sort(([a], [b]) => Number(a === OTHERWISE) - Number(b === OTHERWISE)).map(([advice, names]) => [names.map((name) => `\`${name}\``).join(' '), advice]);
  return `Those of APISIX that there are not; a file that names one is refused:\n\n${table(['plugin', 'instead'], rows)}`;
}

function settings(): string {
  const rows = SETTINGS.map(([theirs, ours, remark = '']) => [`\`${theirs}\``, ours === '' ? 'no' : `\`gateway.${ours}\``, remark]);
  return `## What stands in config.yaml\n\nOf APISIX's static configuration, what is set in the file itself here, under \`gateway\`:\n\n${table(['APISIX', 'here', ''], rows)}`;
}

function differences(): string {
  const subjects = DIFFERENCES.map(({ title, differences: rows }) => `### ${title}\n\n${table(['', 'APISIX', 'here', 'why'], rows)}`);
  return `## What differs on purpose\n\n${subjects.join('\n')}`;
}
