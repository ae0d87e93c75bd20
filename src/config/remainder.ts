import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';

/** What is left of a configuration without its faulty parts; places in lists stay what they are. */
export interface Remainder {
  readonly value: unknown;
  /** Blocks in which something that may be referred to lost its name: a reference to nothing says nothing then. */
  readonly namesLost: ReadonlySet<string>;
}

type Fields = Readonly<Record<string, unknown>>;

const HOME = { upstream: { nodes: { '127.0.0.1:1': 1 } } };

/** What a resource needs beside its name, in place of what it lacks or is faulty as a whole; other blocks have no such thing. */
const STAND_INS: Readonly<Record<string, Fields>> = {
  routes: { uri: '/', ...HOME },
  services: HOME,
  upstreams: HOME.upstream,
  plugin_configs: { plugins: {} },
  global_rules: { plugins: {} },
  consumer_groups: { plugins: {} },
  consumers: {},
};

/** What is set aside with all its entries where one is faulty: nothing could stand in its place. */
const WHOLE: ReadonlySet<string> = new Set(['plugin_metadata', 'ssls', 'secrets']);

/** Any other name may be meant for any of these. */
const KNOWN: ReadonlySet<string> = new Set(['gateway', ...Object.keys(STAND_INS), ...WHOLE]);

const NAMED: ReadonlySet<string> = new Set(['services', 'upstreams', 'plugin_configs', 'consumer_groups', 'consumers']);

/** Where a field that refers to something looks for it. */
const REFERRED: Readonly<Record<string, string>> = { upstream_id: 'upstreams', service_id: 'services', plugin_config_id: 'plugin_configs', group_id: 'consumer_groups', id: 'consumers', client_cert_id: 'ssls' };

/**
 * Takes out what something was told of: the options of a plugin, a field of a resource or all of a resource but its name.
 * Undefined where that would leave others without what they need, so that they seem faulty.
 */
export function setAside({ value, namesLost: before }: Remainder, told: readonly Path[]): Remainder | undefined {
  if (!isFields(value)) return undefined;
  const blocks: Record<string, unknown> = { ...value };
  const copied = new Set<unknown>();
  const namesLost = new Set(before);
  for (const path of told) {
    const [block, at] = path;
    if (typeof block !== 'string') return undefined;
    const entries = blocks[block];
    if (path.length === 1 ? !KNOWN.has(block) : WHOLE.has(block)) {
      delete blocks[block];
      for (const lost of WHOLE.has(block) ? [block] : KNOWN) namesLost.add(lost);
    } else if (block === 'gateway' && typeof at === 'string' && isFields(entries)) blocks[block] = without(entries, at);
    else if (typeof at === 'number' && Array.isArray(entries) && block in STAND_INS) {
      const list: unknown[] = copied.has(entries) ? entries : [...entries as unknown[]];
      copied.add(list);
      blocks[block] = list;
      const entry = list[at];
      list[at] = path.length < 3 || !isFields(entry) ? standIn(block, at, entry) : lessened(entry, path);
      if (NAMED.has(block) && losesName(block, path, list[at])) namesLost.add(block);
    } else return undefined;
  }
  return { value: blocks, namesLost };
}

/** The same with what some resources lack, in `faulty` places: a path that was wrong leaves a route without one. */
export function completed({ value, namesLost }: Remainder, faulty: readonly Path[]): Remainder {
  const blocks: Record<string, unknown> = { ...(value as Fields) };
  for (const [block = '', at = ''] of faulty) {
    const entries = blocks[block];
    const entry: unknown = Array.isArray(entries) && typeof at === 'number' ? entries[at] : undefined;
    if (!Array.isArray(entries) || typeof at !== 'number' || !isFields(entry)) continue;
    const needed = STAND_INS[block] ?? {};
    blocks[block] = entries.with(at, { ...('uris' in entry ? without(needed, 'uri') : needed), ...entry });
  }
  return { value: blocks, namesLost };
}

/** A resource without the field that a path leads to; of its plugins without that one. */
function lessened(entry: Fields, [, , field = '', plugin]: Path): Fields {
  const { plugins } = entry;
  if (field === 'plugins' && typeof plugin === 'string' && isFields(plugins)) return { ...entry, plugins: without(plugins, plugin) };
  return without(entry, String(field));
}

function standIn(block: string, at: number, entry: unknown): Fields {
  const { id, username } = isFields(entry) ? entry : {};
  const named = { ...STAND_INS[block], ...(id !== undefined && { id }), ...(username !== undefined && { username }) };
  return NAMED.has(block) && id === undefined && username === undefined ? { ...named, id: `without-a-name-${at}` } : named;
}

function losesName(block: string, path: Path, left: unknown): boolean {
  const name = block === 'consumers' ? 'username' : 'id';
  return path.length < 3 || path[2] === name || !isFields(left) || left[name] === undefined;
}

/** Without a prototype, as mappings of a file are. */
const without = (fields: Fields, name: string): Fields => Object.assign(Object.create(null) as object, Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name)));

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of what was found in a remainder what is no consequence of what was told before: errors at other places. */
export function besides(told: readonly Diagnostic[], found: readonly Diagnostic[], namesLost: ReadonlySet<string> = new Set()): readonly Diagnostic[] {
  const places = told.filter(({ severity }) => severity === 'error').map(placeOf);
  return found.filter(({ severity, code, path }) => severity === 'error' && !(code === 'dangling-reference' && namesLost.has(REFERRED[String(path.at(-1))] ?? 'secrets')) && !places.some((place) => overlap(place, path)));
}

/** What a diagnostic is about; of a mapping that lacks something, that and not the rest of it. */
export const placeOf = ({ code, path }: Diagnostic): Path => (code === 'missing-field' ? [...path, ''] : path);

const overlap = (a: Path, b: Path): boolean => a.slice(0, b.length).every((step, i) => step === b[i]);
