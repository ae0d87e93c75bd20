import { authenticates, isAuthPlugin, type Plugin } from '../plugins/plugin.js';
import type { PluginConfig, PluginConfigs } from '../schema/route.js';
import { differences, isEqual, isMapping, type Difference } from './differences.js';
import type { Finding, Subject } from './finding.js';
import { isMarked, markedBy } from './marked.js';
import { isHidden, nameOf, wordsOf } from './words.js';

/** What is known of the plugins that there are. */
export interface PluginKnowledge {
  /** Those that decide who calls. */
  readonly auth: ReadonlySet<string>;
  readonly plugins: ReadonlyMap<string, Plugin>;
  /** Names that do not sound secret, of fields that their schemas mark as such. */
  readonly marked: ReadonlySet<string>;
}

/** What is known of these plugins. */
export function knowledgeOf(plugins: readonly Plugin[]): PluginKnowledge {
  return { auth: new Set(plugins.filter(authenticates).map(({ name }) => name)), plugins: new Map(plugins.map((plugin) => [plugin.name, plugin])), marked: markedBy(plugins) };
}

/** What changed of the plugins that one resource configures. On a consumer those that decide who calls hold credentials. */
export function pluginsFindings(subject: Subject, before: PluginConfigs = {}, after: PluginConfigs = {}, { auth, plugins, marked }: PluginKnowledge): Finding[] {
  const ofConsumer = subject.resource === 'consumers';
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const part = { subject, name, before: before[name], after: after[name] };
    const plugin = plugins.get(name);
    return ofConsumer && auth.has(name) ? credentialFindings(part, plugin && isAuthPlugin(plugin) ? plugin.credentialSchema : {}) : optionFindings(part, plugin?.schema, marked);
  });
}

interface Part {
  readonly subject: Subject;
  readonly name: string;
  readonly before: PluginConfig | undefined;
  readonly after: PluginConfig | undefined;
}

function optionFindings({ subject, name, before, after }: Part, schema: unknown, marked: ReadonlySet<string>): Finding[] {
  const path = ['plugins', name];
  const at = { subject, action: 'changed', path, before, after } as const;
  if (!before || !after) return [{ ...at, hidden: true, text: before ? `${name} removed` : `${name} added${isOff(after) ? ', disabled' : ''}` }];
  if (isEqual(before, after)) return [];
  const [old, now] = [apart(before, schema), apart(after, schema)];
  const switched = isOff(before) === isOff(after) ? [] : [{ ...at, path: [...path, '_meta', 'disable'], before: isOff(before), after: isOff(after), text: `${name} ${isOff(after) ? 'disabled' : 'enabled'}` }];
  const told = [...differences(old.known, now.known), ...differences(old.meta, now.meta, ['_meta'])].map((one) => optionFinding(subject, name, one, isHidden(one) || isMarked(one, marked)));
  const others = differences(old.unknown, now.unknown).length > 0 ? [{ ...at, path: [...path, UNKNOWN], hidden: true, text: `${name} options that it does not know changed` }] : [];
  return [...switched, ...told, ...others];
}

/** Stands for the name of what no plugin knows: the name may be a secret too. */
export const UNKNOWN = '*';

function optionFinding(subject: Subject, name: string, difference: Difference, hidden: boolean): Finding {
  const { path, before, after } = difference;
  const option = nameOf(path[0] === '_meta' ? path.slice(1) : path);
  return { subject, action: 'changed', path: ['plugins', name, ...path], before, after, hidden, text: `${name} ${wordsOf(difference, hidden, option)}` };
}

/** Of a credential nothing is told but the names of its fields. */
function credentialFindings({ subject, name, before, after }: Part, schema: unknown): Finding[] {
  const at = { subject, action: 'changed', path: ['plugins', name], before, after, hidden: true } as const;
  if (!before || !after) return [{ ...at, text: `${name} credential ${before ? 'removed' : 'added'}` }];
  const fields = new Set(Object.keys(propertiesOf(schema) ?? {}));
  const all = differences(before, after);
  if (all.length === 0) return [];
  const words = all.filter(({ path: [field = ''] }) => fields.has(field) || field === '_meta').map((one) => credentialWords(one));
  return [{ ...at, text: `${name} credential changed${words.length > 0 ? `: ${[...new Set(words)].join(', ')}` : ''}` }];
}

function credentialWords({ path: [field = '', inner], before, after }: Difference): string {
  const name = field === '_meta' && inner !== undefined ? inner : field;
  return `${name} ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`;
}

const isOff = (config: PluginConfig | undefined): boolean => config?._meta?.disable === true;

/** A configuration in its parts: an option that the plugin does not know (it may stand there while the plugin is off) may be a misplaced secret. */
function apart({ _meta, ...options }: PluginConfig, schema: unknown): { readonly known: unknown; readonly unknown: unknown; readonly meta: object } {
  const { disable: _, ...meta } = _meta ?? {};
  return { known: pick(options, schema, true), unknown: pick(options, schema, false), meta };
}

/** The part of a value that a schema describes, or the other part; undefined where nothing is left. */
function pick(value: unknown, schema: unknown, known: boolean): unknown {
  const isList = Array.isArray(value);
  if (!isList && !isMapping(value)) return known ? value : undefined;
  if (!takes(schema, isList ? 'array' : 'object')) return known ? undefined : value;
  if (isList) return compact(value.map((item) => pick(item, fieldOf(schema, 'items'), known)), known);
  const properties = propertiesOf(schema);
  if (!properties) return known ? value : undefined;
  const closed = fieldOf(schema, 'additionalProperties') === false;
  const parts = Object.entries(value).map(([name, item]: [string, unknown]): [string, unknown] => {
    const isKnown = !closed || Object.hasOwn(properties, name);
    return [name, isKnown ? pick(item, fieldOf(properties, name), known) : known ? undefined : item];
  });
  const left = parts.filter(([, item]) => item !== undefined);
  return known || left.length > 0 ? Object.fromEntries(left) : undefined;
}

function compact(items: readonly unknown[], known: boolean): unknown {
  const left = items.filter((item) => item !== undefined);
  return known || left.length > 0 ? left : undefined;
}

function takes(schema: unknown, type: string): boolean {
  const types = fieldOf(schema, 'type');
  return types === undefined || types === type || (Array.isArray(types) && types.includes(type));
}

const fieldOf = (value: unknown, name: string): unknown => (isMapping(value) && Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined);

function propertiesOf(schema: unknown): object | undefined {
  const properties = fieldOf(schema, 'properties');
  return isMapping(properties) ? properties : undefined;
}
