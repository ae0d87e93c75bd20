import type { Plugin } from '../plugins/plugin.js';
import type { SchemaObject } from './file.js';

/** What is set for a plugin once, whatever route it runs on. */
export interface MetadataConfig {
  /** The plugin's name. */
  readonly id: string;
  readonly [option: string]: unknown;
}

/** One entry of `plugin_metadata`: which plugin it is for decides what else it may hold. */
export function metadataSchema(plugins: readonly Plugin[]): SchemaObject {
  const id = { description: 'The name of the plugin.', type: 'string', enum: plugins.map((plugin) => plugin.name), 'x-plugins': true };
  return {
    description: 'What is set for a plugin once, whatever route it runs on.',
    type: 'object',
    properties: { id },
    required: ['id'],
    allOf: plugins.map(({ name, metadataSchema: schema }) => ({ if: { required: ['id'], properties: { id: { description: 'The name of the plugin.', const: name } } }, then: withId(schema ?? NOTHING, id) })),
  };
}

const NOTHING = { type: 'object', properties: {}, additionalProperties: false } as const;

function withId(schema: object, id: SchemaObject): SchemaObject {
  const { properties, ...rest } = schema as { readonly properties?: object };
  return { ...rest, properties: { id, ...properties } };
}
