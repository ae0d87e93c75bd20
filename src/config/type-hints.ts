import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { addressHint, nodeHint } from './address-hints.js';
import { listenHint } from './form-hints.js';
import { flow } from './flow.js';
import type { Placeholders } from './placeholders.js';
import { bareFits, looksLikeVariable, placeholderHint, VARIABLE_HINT } from './variable-hints.js';

/** What was probably meant by a value of the wrong kind. The value itself is quoted only where nothing secret can stand. */
export function typeHint(error: ErrorObject, path: Path, placeholders: Placeholders | undefined): string | undefined {
  const { data, parentSchema = {} } = error;
  const wanted = [error.params['type'] as string | string[]].flat();
  if (placeholders) return placeholderHint(data, wanted, placeholders);
  if (path.length === 0) return 'a configuration starts with `routes:`';
  if (data === null) return emptyHint(wanted, parentSchema);
  if (parentSchema['x-plugins'] === true) return pluginsHint(data, path, parentSchema);
  if (typeof data === 'string') return textHint(data, path, wanted, parentSchema) ?? exampleOf(parentSchema) ?? entriesHint(data, wanted);
  if (wanted.includes('object') && isListOfMappings(data)) return 'remove the `- `: a mapping has none';
  if (namesPlugin(path)) return pluginHint(data, path);
  if (path.length === 1 && path[0] === 'plugins') return 'the plugins of a consumer or a route stand below it, indented; here stands a list of which may be used';
  const flag = wanted.includes('boolean') && (data === 0 || data === 1) ? `write \`${data === 1}\`` : undefined;
  const other = flag ?? (path.includes('listen') ? listenerHint(data) : undefined) ?? siblingHint(data, path, wanted) ?? (isInNodes(path) && (path.at(-1) === 'host' || path.at(-1) === 'port') ? NODE_ENTRY : undefined);
  if (other !== undefined) return other;
  const inQuotes = wanted.includes('string') && typeof data !== 'object' && new RegExp(String(parentSchema['pattern'] ?? '')).test(String(data));
  if (inQuotes) return 'put it in quotes: YAML reads an unquoted one as a number or a boolean, and may change it';
  if (Array.isArray(parentSchema['examples'])) return exampleOf(parentSchema);
  return typeof data === 'object' ? entriesHint(data, wanted) : undefined;
}

const isListOfMappings = (data: unknown): boolean => Array.isArray(data) && data.length > 0 && data.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));

/** A list is wanted, and something else is there: its entries by their names, or one entry. */
function entriesHint(data: unknown, wanted: readonly string[]): string | undefined {
  if (!wanted.includes('array')) return undefined;
  const byName = typeof data === 'object' && data !== null && Object.values(data).length > 0 && Object.values(data).every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
  return byName ? 'start each entry with `- `, and write its name into it, as `id` or `username`' : 'start each entry with `- `';
}

/** Nothing is where something belongs. */
function emptyHint(wanted: readonly string[], schema: Schema): string {
  if (wanted.includes('array') && !wanted.includes('object')) return 'write its entries below it, each with `- `, or `[]` for none';
  if (wanted.includes('object')) return 'write what belongs to it below it, indented; or remove the line';
  return exampleOf(schema) ?? (wanted.includes('boolean') ? 'write `true` or `false`' : 'write a value, or remove the line');
}

/** Fields for several of what another field has one of, and the other way round. */
const SEVERAL: Readonly<Record<string, string>> = { uri: 'uris', host: 'hosts', remote_addr: 'remote_addrs', sni: 'snis' };

/** One or several where the other of two fields takes them; or an upstream where its id belongs. */
function siblingHint(data: unknown, path: Path, wanted: readonly string[]): string | undefined {
  const field = String(path.at(-1));
  if (field === 'upstream_id' && typeof data === 'object') return 'an upstream that is written out here stands in `upstream`';
  if (!Array.isArray(data) || wanted.includes('array')) return undefined;
  if (field === 'key' && path.at(-2) === 'key-auth') return 'several stand in `keys`';
  return Object.hasOwn(SEVERAL, field) ? `several stand in \`${SEVERAL[field]}\`` : undefined;
}

/** A port alone where an address is listened on, or an entry of the list of addresses without its list. */
function listenerHint(data: unknown): string | undefined {
  if (typeof data === 'number') return listenHint(String(data));
  const { address, port } = (data ?? {}) as { readonly address?: unknown; readonly port?: unknown };
  if (address !== undefined) return 'start it with `- `: what is more than an address is an entry of a list';
  return port === undefined ? undefined : 'write `host:port` as one text: 127.0.0.1:9080';
}

/** Whether a path leads to a weight in a mapping of nodes. */
const isInNodes = (path: Path): boolean => path.at(-2) === 'nodes';

const NODE_ENTRY = 'write `- ` before the first of `host`, `port` and `weight`: they are an entry of a list';

function textHint(text: string, path: Path, wanted: readonly string[], schema: Schema): string | undefined {
  if (bareFits(text, wanted)) return 'remove the quotes: quoted it is a text';
  if (wanted.includes('boolean') && /^(yes|on|y)$/i.test(text)) return 'write `true`';
  if (wanted.includes('boolean') && /^(no|off|n)$/i.test(text)) return 'write `false`';
  const near = wanted.includes('boolean') ? suggest(text, ['true', 'false']) : undefined;
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (isInNodes(path) && (path.at(-1) === 'host' || path.at(-1) === 'port')) return NODE_ENTRY;
  if (looksLikeVariable(text)) return VARIABLE_HINT;
  if (wanted.includes('number') || wanted.includes('integer')) return secondsHint(text, wanted, schema) ?? exampleOf(schema);
  if (wanted.includes('object') || wanted.includes('array')) return structureHint(text, path, schema);
  return namesPlugin(path) ? pluginHint(text, path) : undefined;
}

/** A text where a mapping or a list belongs. */
function structureHint(text: string, path: Path, schema: Schema): string | undefined {
  const [, field = '', mark = ''] = /^([\w-]+)(:|\s*=|\s)\s*\S/.exec(text) ?? [];
  if (Object.hasOwn(schema['properties'] ?? {}, field)) return mark === ':' ? 'a colon needs a space after it' : `write \`${field}: …\`, with a colon`;
  if (path.at(-1) === 'upstream' || path.at(-1) === 'nodes') return nodesHint(text, path.at(-1) === 'upstream');
  if (isInNodes(path)) return nodeHint(text);
  return namesPlugin(path) ? pluginHint(text, path) : undefined;
}

/** In seconds, the units that people write. */
const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86400, day: 86400, days: 86400 };

function secondsHint(text: string, wanted: readonly string[], schema: Schema): string | undefined {
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?([a-z]{1,7})$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? NaN);
  // a whole number may count anything
  const fits = wanted.includes('number') || (Number.isInteger(seconds) && /second/i.test(String(schema['description'])));
  return Number.isNaN(seconds) || !fits ? undefined : `write \`${seconds}\`: the unit is seconds`;
}

/** An address where the mapping of nodes belongs, or the name of an upstream. */
function nodesHint(text: string, isUpstream: boolean): string | undefined {
  return isUpstream && /^[\w-]+$/.test(text) ? 'an upstream of the list `upstreams` is referred to by `upstream_id`' : addressHint(text, isUpstream);
}

/** `plugins` that is no mapping: mostly a list of names, or one name. */
function pluginsHint(data: unknown, path: Path, schema: Schema): string {
  const known = Object.keys(schema['properties'] ?? {});
  const named = [data].flat().flatMap((item: unknown) => (typeof item === 'object' && item !== null ? [...Object.keys(item), String((item as { readonly name?: unknown }).name)] : [String(item)]));
  const byName = Array.isArray(data) && data.some((item: unknown) => typeof item === 'object' && item !== null && 'name' in item && known.includes(String(item.name)));
  const plugin = named.find((name) => known.includes(name)) ?? known[0] ?? '';
  if (byName) return `write \`${plugin}:\` in place of \`- name: ${plugin}\`, and its options below that`;
  if (Array.isArray(data) && data.some((item: unknown) => typeof item === 'object' && item !== null)) return `write \`${plugin}:\`, without a \`-\``;
  const without = Array.isArray(data) ? ', without a `-`' : ' below it';
  return path[0] === 'consumers' ? `write \`${plugin}:\`${without}, and the credential below that` : `write \`${plugin}: {}\`${without}`;
}

function pluginHint(data: unknown, path: Path): string {
  if (path[0] === 'consumers') return 'write the credential below it, indented';
  return data === false ? 'write `_meta: {disable: true}` below it to switch it off' : `write \`${String(path.at(-1))}: {}\` to use its defaults`;
}

/** Whether a path is that of a plugin's options. */
const namesPlugin = (path: Path): boolean => path.at(-2) === 'plugins' && typeof path.at(-1) === 'string';

type Schema = Readonly<Record<string, unknown>>;

/** An example from the schema. */
function exampleOf(schema: Schema): string | undefined {
  const examples = schema['examples'];
  const example: unknown = Array.isArray(examples) ? examples[0] : schema['default'];
  // an empty list by default shows nobody how an entry looks
  return example === undefined || (!examples && typeof example === 'object') ? undefined : `for example: ${flow(example)}`;
}
