import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { flow } from './flow.js';
import type { Placeholders } from './placeholders.js';

/** What was probably meant by a value of the wrong kind. The value itself is quoted only where nothing secret can stand. */
export function typeHint(error: ErrorObject, path: Path, placeholders: Placeholders | undefined): string | undefined {
  const { data, parentSchema = {} } = error;
  const wanted = [error.params['type'] as string | string[]].flat();
  if (placeholders) return placeholderHint(data, wanted, placeholders);
  if (path.length === 0) return 'a configuration starts with `routes:`';
  if (data === null) return 'is the value missing, or its indentation?';
  if (parentSchema['x-plugins'] === true) return pluginsHint(data, path, parentSchema);
  if (typeof data === 'string') return textHint(data, path, wanted, parentSchema) ?? exampleOf(parentSchema) ?? entriesHint(wanted);
  if (namesPlugin(path)) return pluginHint(data, path);
  const inQuotes = wanted.includes('string') && typeof data !== 'object' && new RegExp(String(parentSchema['pattern'] ?? '')).test(String(data));
  if (inQuotes) return 'put it in quotes: YAML reads an unquoted one as a number or a boolean, and may change it';
  if (Array.isArray(parentSchema['examples'])) return exampleOf(parentSchema);
  return typeof data === 'object' ? entriesHint(wanted) : undefined;
}

const entriesHint = (wanted: readonly string[]): string | undefined => (wanted.includes('array') ? 'start each entry with `- `' : undefined);

/** How a value is told that an environment variable makes, and that is not what it must be. */
export function placeholderHint(data: unknown, wanted: readonly string[], { names, alone, quoted, defaults }: Placeholders): string {
  const list = names.join(' and ');
  if (quoted && alone && typeof data === 'string' && bareFits(data, wanted)) return `remove the quotes: within quotes \${{${list}}} is always a text`;
  const empty = data === null || data === '';
  if (empty) return `the environment variable ${list} is ${defaults ? 'set to nothing, or its default is nothing' : 'set, but empty'}`;
  return `its value comes from the environment variable ${list}${defaults ? ' or the default in the placeholder' : ''}`;
}

/** Whether a text, without its quotes, would be of one of these kinds. */
function bareFits(text: string, wanted: readonly string[]): boolean {
  return (wanted.includes('boolean') && /^(true|false)$/i.test(text)) || (wanted.some((kind) => kind === 'number' || kind === 'integer') && /^-?\d+(\.\d+)?$/.test(text));
}

function textHint(text: string, path: Path, wanted: readonly string[], schema: Schema): string | undefined {
  if (bareFits(text, wanted)) return 'remove the quotes: quoted it is a text';
  if (wanted.includes('boolean') && /^(yes|on|y)$/i.test(text)) return 'write `true`';
  if (wanted.includes('boolean') && /^(no|off|n)$/i.test(text)) return 'write `false`';
  const near = wanted.includes('boolean') ? suggest(text, ['true', 'false']) : undefined;
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (wanted.includes('number')) return secondsHint(text) ?? exampleOf(schema);
  const field = /^([\w-]+):\S/.exec(text)?.[1];
  if (field !== undefined && Object.hasOwn(schema['properties'] ?? {}, field)) return 'a colon needs a space after it';
  if (path.at(-1) === 'upstream' || path.at(-1) === 'nodes') return nodesHint(text, path.at(-1) === 'upstream');
  return namesPlugin(path) ? pluginHint(text, path) : undefined;
}

/** In seconds, the units that people write. */
const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60 };

function secondsHint(text: string): string | undefined {
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?([a-z]{1,7})$/.exec(text) ?? [];
  const seconds = UNITS[unit];
  return number === undefined || seconds === undefined ? undefined : `write \`${Number(number) * seconds}\`: the unit is seconds`;
}

/** An address where the mapping of nodes belongs, or the name of an upstream. Without `@`: what stands before it may be a password. */
function nodesHint(text: string, isUpstream: boolean): string | undefined {
  const [, scheme, address] = /^(?:(https?):\/\/)?((?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?)(?:\/[^@]*)?$/.exec(text) ?? [];
  if (address === undefined) return undefined;
  if (isUpstream && scheme === undefined && /^[\w-]+$/.test(address)) return 'an upstream of the list `upstreams` is referred to by `upstream_id`';
  const nodes = { [address]: 1 };
  return `write \`${flow(isUpstream ? { ...(scheme === 'https' && { scheme }), nodes } : nodes)}\``;
}

/** `plugins` that is no mapping: mostly a list of names, or one name. */
function pluginsHint(data: unknown, path: Path, schema: Schema): string {
  const known = Object.keys(schema['properties'] ?? {});
  const named = [data].flat().flatMap((item: unknown) => (typeof item === 'object' && item !== null ? Object.keys(item) : [String(item)]));
  const plugin = named.find((name) => known.includes(name)) ?? known[0] ?? '';
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
