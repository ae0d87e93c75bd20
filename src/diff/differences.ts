import { isSecretName } from '../config/secret-names.js';

/** A place at which two values differ. */
export interface Difference {
  /** Keys, and `[0]` for the place in a list. */
  readonly path: readonly string[];
  /** Undefined where nothing stands. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two values differ, as deep as that can be told. The order of keys means nothing, nor does that of lists whose
 * order means nothing; `7` and `"7"` are the same id. What a name that sounds secret holds is one place.
 */
export function differences(before: unknown, after: unknown, path: readonly string[] = []): Difference[] {
  if (before === after) return [];
  const name = path.at(-1) ?? '';
  const [a, b] = name === 'nodes' ? [nodesOf(before), nodesOf(after)] : [before, after];
  const closed = isSecretName(name) && path.at(-2) !== 'nodes';
  if (isMapping(a) && isMapping(b) && !closed) return ofMappings(a, b, path);
  if (Array.isArray(a) && Array.isArray(b) && !closed) return ofLists(a, b, path);
  return isSame(a, b, name) ? [] : [{ path, before: a, after: b }];
}

function ofMappings(before: object, after: object, path: readonly string[]): Difference[] {
  const [old, now] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => differences(old.get(key), now.get(key), [...path, key]));
}

/** Lists of mappings are compared entry by entry, after what they begin and end with alike; others are one place. */
function ofLists(before: readonly unknown[], after: readonly unknown[], path: readonly string[]): Difference[] {
  if (![...before, ...after].every(isMapping)) return isSame(before, after, path.at(-1) ?? '') ? [] : [{ path, before, after }];
  const shorter = Math.min(before.length, after.length);
  const alike = (i: number, j: number): boolean => differences(before[i], after[j]).length === 0;
  let start = 0;
  while (start < shorter && alike(start, start)) start++;
  let end = 0;
  while (end < shorter - start && alike(before.length - 1 - end, after.length - 1 - end)) end++;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return Array.from({ length: Math.max(old.length, now.length) }, (_, i) => differences(old[i], now[i], [...path, `[${start + i}]`])).flat();
}

function isSame(a: unknown, b: unknown, name: string): boolean {
  if (isId(name) && isScalar(a) && isScalar(b)) return String(a) === String(b);
  if (Array.isArray(a) && Array.isArray(b) && UNORDERED.has(name)) return sorted(a) === sorted(b);
  return canonical(a) === canonical(b);
}

const isId = (name: string): boolean => name === 'id' || name.endsWith('_id');
const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** Lists whose order means nothing. */
const UNORDERED: ReadonlySet<string> = new Set([
  'uris', 'methods', 'hosts', 'remote_addrs', 'snis', 'ssl_protocols', 'skip_mtls_uri_regex', 'trusted_proxies', 'plugins',
  'keys', 'key_sha256', 'whitelist', 'blacklist', 'allowlist', 'denylist',
]);

const sorted = (items: readonly unknown[]): string => items.map(canonical).sort().join();

/** One text for values that differ in the order of their keys alone. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isMapping(value)) return JSON.stringify(value) ?? 'undefined';
  return `{${Object.entries(value).map(([key, item]: [string, unknown]) => `${JSON.stringify(key)}:${canonical(item)}`).sort().join()}}`;
}

/** Nodes by their names, however they are written: the mapping and the list of them mean the same. */
function nodesOf(nodes: unknown): unknown {
  if (!Array.isArray(nodes) || !nodes.every(isNode)) return nodes;
  const named = nodes.map(({ host, port, weight, priority = 0, ...rest }): [string, unknown] => {
    const name = port === undefined ? host : `${host}:${port}`;
    return [name, priority === 0 && Object.keys(rest).length === 0 ? weight : { weight, priority, ...rest }];
  });
  const mapping = new Map(named);
  return mapping.size === nodes.length ? Object.fromEntries(mapping) : nodes;
}

const isNode = (node: unknown): node is { readonly host: string; readonly port?: number; readonly weight: number; readonly priority?: number } => isMapping(node) && 'host' in node;

/** Whether two values are the same, but for the order of keys; that most are is seen in a fraction of the time that differences take. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isMapping(a) || !isMapping(b)) return false;
  const [old, now] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = Object.keys(old);
  if (keys.length !== Object.keys(now).length) return false;
  for (const key of keys) if (!Object.hasOwn(now, key) || !isEqual(old[key], now[key])) return false;
  return true;
}

/** Whether a value is a mapping, and no list. */
export const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
