import { isAuthPlugin, type Plugin } from '../../src/plugins/plugin.js';
import { PLUGINS } from '../../src/plugins/index.js';
import { fileSchema } from '../../src/schema/file.js';

/** A field of a schema, by its name: `csrf.key`, `key-auth credential.keys[]`, `upstreams[].tls.client_key`. */
export interface Field {
  readonly name: string;
  /** Whether the schema marks it with `x-secret`. */
  readonly marked: boolean;
}

/** Every field of every schema, of plugins once, wherever they may stand; read from the schemas themselves, so that none is forgotten. */
export const FIELDS: readonly Field[] = [
  ...PLUGINS.flatMap((plugin) => schemasOf(plugin).flatMap(([name, schema]) => fieldsOf(schema, name))),
  ...Object.entries(fileSchema(PLUGINS)['properties'] as object).flatMap(([block, schema]) => fieldsOf(schema, block)),
];

/** What plants in a configuration are called: as fields are, with `*` for what a mapping of any names holds. */
export function nameOf(path: readonly (string | number)[]): string {
  const at = path.lastIndexOf('plugins');
  const plugin = PLUGINS.find(({ name }) => name === path[at + 1]);
  const holder = plugin && path[0] === 'consumers' && isAuthPlugin(plugin) ? `${plugin.name} credential` : plugin?.name;
  const steps = plugin ? path.slice(at + 2) : path;
  return steps.reduce<string>((name, step) => (typeof step === 'number' ? `${name}[]` : name === '' ? step : `${name}.${step}`), holder ?? '');
}

function schemasOf(plugin: Plugin): [string, unknown][] {
  const credential = isAuthPlugin(plugin) ? plugin.credentialSchema : undefined;
  return [[plugin.name, plugin.schema], [`${plugin.name} credential`, credential], [`${plugin.name} metadata`, plugin.metadataSchema]];
}

function fieldsOf(schema: unknown, name: string): Field[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, items, additionalProperties: others, 'x-secret': mark } = schema as { readonly properties?: object; readonly items?: unknown; readonly additionalProperties?: unknown; readonly 'x-secret'?: unknown };
  return [
    { name, marked: mark === true },
    // those of plugins stand with the plugins
    ...Object.entries(properties ?? {}).flatMap(([field, inner]) => (field === 'plugins' ? [] : fieldsOf(inner, `${name}.${field}`))),
    ...fieldsOf(items, `${name}[]`),
    ...fieldsOf(others, `${name}.*`),
  ];
}
