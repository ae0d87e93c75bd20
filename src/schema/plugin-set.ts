import { desc, id, labels, name, timestamp } from './common.js';
import type { Infer } from './infer.js';
import type { PluginConfigs } from './route.js';

const properties = { id, name, desc, labels, create_time: timestamp, update_time: timestamp } as const;

const set = { type: 'object', properties, required: ['plugins'], additionalProperties: false } as const;

/** Plugins that several routes share; `plugins` are added by the schema of the whole file. */
export const pluginConfig = { ...set, description: 'Plugins that several routes share: they refer to it by `plugin_config_id`.' } as const;

/** Plugins that several consumers share. */
export const consumerGroup = { ...set, description: 'Plugins that several consumers share: they refer to it by `group_id`.' } as const;

/** Plugins of every request. */
export const globalRule = { ...set, description: 'Plugins that run for every request, before those of its route; also where no route takes it.' } as const;

const plainSet = { type: 'object', properties, additionalProperties: false } as const;

export type PluginSetConfig = Infer<typeof plainSet> & { readonly plugins: PluginConfigs };
