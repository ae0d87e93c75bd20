import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Vocabulary } from '../schema/vocabulary.js';
import { spansOfGaps } from './secret-gaps.js';
import { isNearSecretName, isSecretField, isSecretName } from './secret-names.js';
import { OPEN_BLOCKS, type Span } from './secret-places.js';
import { holdsPassword, spansAnywhere } from './secret-signs.js';
import { spansOfText } from './secret-text.js';

/** What no message may show: stretches of the text, and keys of mappings that may be secrets in the wrong place. */
export interface Secrets {
  readonly spans: readonly Span[];
  readonly names: ReadonlySet<string>;
}

/**
 * Finds what a text must not show. In guarded blocks that is everything but what is known to be harmless; in open ones
 * values whose names sound secret. Of a text that did not parse, also whatever looks like one line by line.
 */
export function findSecrets(text: string, root: Node | null, broken: boolean, vocabulary: Vocabulary): Secrets {
  const collector = new Collector(vocabulary, broken ? text : undefined);
  // a broken text without a mapping is one scalar to the parser: the lines say more
  if (!broken || isMap(root) || isSeq(root)) collector.visit(root, TOP);
  const { spans, names, shown } = collector;
  const others = broken ? spansOfText(text, vocabulary) : spansOfGaps(text, spans.concat(shown), guardedRegions(text, root));
  return { spans: merge(spans.concat(others, spansAnywhere(text))), names };
}

/** The path of the document itself. */
const TOP: readonly string[] = [];

class Collector {
  /** One object for each path: most of a large file is a list of what is alike. */
  readonly #below = new Map<readonly string[], Map<string, readonly string[]>>();
  /** Whether what stands at a path may be a secret; undefined where that depends on what it is. */
  readonly #known = new Map<readonly string[], boolean | undefined>();
  readonly spans: Span[] = [];
  readonly shown: Span[] = [];
  readonly names = new Set<string>();

  constructor(private readonly vocabulary: Vocabulary, private readonly broken: string | undefined) {}

  visit(node: unknown, path: readonly string[]): void {
    if (isSeq(node)) this.list(node, path);
    else if (isMap(node)) this.mapping(node, path);
    else if (isScalar(node)) this.note(node, this.isSecret(path, node.value));
  }

  private list({ items }: YAMLSeq, path: readonly string[]): void {
    const compares = comparesSecret(items);
    items.forEach((item, i) => this.visit(item, this.below(path, compares && i > 0 && !isOperator(item) ? 'secret' : '*')));
  }

  private mapping(map: YAMLMap, path: readonly string[]): void {
    for (const { key, value } of map.items as Pair[]) {
      const name = isScalar(key) ? String(key.value) : '';
      if (isScalar(key)) {
        const secret = isSecretKey(path, name, value, this.vocabulary);
        this.note(key, secret, this.headOf(key));
        if (secret || holdsPassword(name)) this.names.add(name).add(key.source ?? name);
      } else this.visit(key, this.below(path, '?'));
      this.visit(value, this.below(path, name));
    }
  }

  private below(path: readonly string[], step: string): readonly string[] {
    const siblings = this.#below.get(path) ?? new Map<string, readonly string[]>();
    const known = siblings.get(step);
    if (known) return known;
    const below = [...path, step];
    this.#below.set(path, siblings.set(step, below));
    return below;
  }

  private isSecret(path: readonly string[], value: unknown): boolean {
    if (!this.#known.has(path)) this.#known.set(path, dependsOnValue(path) ? undefined : isSecretValue(path, undefined, this.vocabulary));
    return this.#known.get(path) ?? isSecretValue(path, value, this.vocabulary);
  }

  /** How much of a key of a broken text may be shown: of several lines the first, if it is a known name that lacks its colon. */
  private headOf({ range }: Scalar): number {
    const [line = '', next] = this.broken?.slice(...(range ?? [0, 0])).split('\n', 2) ?? [];
    return next !== undefined && this.vocabulary.has(line.trimEnd()) ? line.trimEnd().length : 0;
  }

  private note(node: Node, secret: boolean, head = 0): void {
    const [start = 0, end = start] = node.range ?? [];
    if (end > start + head) (secret ? this.spans : this.shown).push({ start: start + head, end });
  }
}

/** Whether a list is a rule on a variable that holds what a caller is recognised by: `[http_authorization, "==", …]`. */
function comparesSecret([name, ...more]: readonly unknown[]): boolean {
  const variable = isScalar(name) && more.length > 0 ? String(name.value) : '';
  return /^\$?(?:http|arg|cookie|post_arg)[_.]/.test(variable) && isSecretName(variable);
}

const isOperator = (node: unknown): boolean => isScalar(node) && /^(?:[!=<>~*]{1,3}|in|has|ipmatch)$/i.test(String(node.value));

const isGuarded = (path: readonly string[]): boolean => !OPEN_BLOCKS.has(path[0] ?? '');

/** What of a consumer may be shown; anything else may be a credential in the wrong place. */
const CONSUMER_FIELDS = new Set(['username', 'id', 'name', 'desc', 'group_id', 'create_time', 'update_time']);

/** What of a case for `gateway test` may be shown: nothing of what is sent but its target, without a query. */
const CASE_FIELDS = new Set(['name', 'request', 'from', 'times', 'status', 'route', 'consumer', 'method', 'path', 'node', 'id', 'attempts', 'upstream', 'fault']);
const MESSAGE_FIELDS = new Set(['headers', 'body']);

/** In open blocks that are names of plugins and of modules, and what a limit counts by. */
const dependsOnValue = (path: readonly string[]): boolean => isGuarded(path) || path.includes('key') || path.slice(-2).includes('plugins');

function isSecretValue(path: readonly string[], value: unknown, vocabulary: Vocabulary): boolean {
  // `plugins` written as a list of names, or as one
  if (path[path.at(-1) === '*' ? path.length - 2 : path.length - 1] === 'plugins' && typeof value === 'string' && vocabulary.has(value)) return false;
  return isGuarded(path) ? !isHarmless(path, value) : isSecretInTheOpen(path, value, vocabulary);
}

/** Within a guarded block. */
function isHarmless(path: readonly string[], value: unknown): boolean {
  const name = path.at(-1) ?? '';
  if (path[0] === 'requests') return CASE_FIELDS.has(name) && !path.some((step) => MESSAGE_FIELDS.has(step)) && !String(value).includes('?');
  if (path.includes('plugins')) return path.at(-2) === '_meta' && (name === 'disable' || name === 'priority') && typeof value !== 'string';
  if (path.at(-2) === 'labels') return !isSecretName(name) && !isNearSecretName(name);
  if (path[0] === 'ssls') return isHarmlessOfSsl(path) || (typeof value === 'string' && FILE_NAME.test(value));
  return CONSUMER_FIELDS.has(name) && path.length <= 3;
}

/** What of a certificate may be shown. */
const SSL_FIELDS = new Set(['id', 'desc', 'type', 'sni', 'snis', 'status', 'ssl_protocols', 'validity_start', 'validity_end', 'create_time', 'update_time']);
/** A reference to a file says where a secret is, and not which. */
const FILE_NAME = /^\$file:\/\/[\w./-]{1,200}$/i;
/** The name of a module of plugins. */
const MODULE = /^[\w./-]{1,200}\.m?[jt]s$/;
const CLIENT_FIELDS = new Set(['depth', 'skip_mtls_uri_regex']);

function isHarmlessOfSsl([, , field = '', inner = '', ...deeper]: readonly string[]): boolean {
  if (field === 'client') return CLIENT_FIELDS.has(inner) && deeper.length <= 1 && deeper.every((step) => step === '*');
  return SSL_FIELDS.has(field) && (inner === '' || inner === '*') && deeper.length === 0;
}

function isSecretInTheOpen(path: readonly string[], value: unknown, vocabulary: Vocabulary): boolean {
  if (path[0] === 'gateway' && path[1] === 'plugins' && path.length === 3 && MODULE.test(String(value))) return false;
  const names = path.filter((step) => step !== '*' && step !== '?');
  // where plugins stand within a plugin, the innermost counts
  const at = names.findLastIndex((step) => step === 'plugins' || step === 'auth_plugins');
  const options = at < 0 ? undefined : names.slice(at + 2);
  // `key-auth: some-text`: a credential where options belong
  if (options?.length === 0) return true;
  // what the options of a plugin that nothing here knows hold, nothing here knows
  if (options && !vocabulary.describes(names[at + 1] ?? '')) return true;
  if (options?.some((name) => !vocabulary.isNear(name))) return true;
  return names.some((name, i) => isSecretField(name, i === names.length - 1 ? value : undefined) || (!vocabulary.has(name) && isNearSecretName(name)) || isMarkedAlone(name, vocabulary));
}

/** Whether a key may itself be a secret: `key-auth: {some-text}`, `key:some-text` without the space. */
function isSecretKey(path: readonly string[], name: string, value: unknown, vocabulary: Vocabulary): boolean {
  if (vocabulary.isNear(name)) return false;
  const at = path.indexOf('plugins');
  const inOptions = at >= 0 && path.length > at + 1;
  const heads = isMap(value) || isSeq(value);
  const nothing = value === null || (isScalar(value) && value.value === null);
  if (path[0] === 'requests') return nothing;
  if (path.length === 0) return !heads && !/^[a-z_]{1,24}$/.test(name);
  if (isGuarded(path)) return inOptions || !heads;
  return isWithinSecret(path) || (inOptions && (isAuth(path[at + 1]) || nothing));
}

/** Whether a mapping stands where a secret belongs; the names of headers are none. */
const isWithinSecret = (path: readonly string[]): boolean => path.some((step, i) => isSecretName(step) && !(step.endsWith('_headers') && i === path.length - 1));

/** What sounds secret is judged by its value too. */
const isMarkedAlone = (name: string, vocabulary: Vocabulary): boolean => vocabulary.isMarked(name) && !isSecretName(name);

const isAuth = (plugin: string | undefined): boolean => plugin?.endsWith('-auth') === true;

/** Where the guarded blocks of a document stand, comments between their entries included. */
function guardedRegions(text: string, root: Node | null): Span[] {
  if (!isMap(root)) return [{ start: 0, end: text.length }];
  const keys = root.items.map(({ key }) => key);
  return keys.flatMap((key, i) => {
    if (isScalar(key) && OPEN_BLOCKS.has(String(key.value))) return [];
    const next = keys[i + 1];
    return [{ start: startOf(key), end: next === undefined ? text.length : startOf(next) }];
  });
}

const startOf = (node: unknown): number => (isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0);

/** In order, without overlaps, so that a frame finds its own by bisection. */
function merge(spans: Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
