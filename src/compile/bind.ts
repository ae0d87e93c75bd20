import type { LinkedConfig, PluginPlace } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import { expression, hintFor, type Complaint } from '../expressions/expression.js';
import { authenticates, type Binding, type Exchange, type Handlers, type Plugin, type PluginEvent } from '../plugins/plugin.js';
import { compileRegex, isRegex, type Regex } from '../regex/regex.js';
import type { PluginConfig } from '../schema/route.js';
import { Store, type Scope } from '../state/store.js';
import { template, type Template } from '../variables/template.js';
import { textOf } from '../variables/text.js';
import { greaterNeed, variable, type BodyNeed } from '../variables/variable.js';
import { withBody } from './body.js';
import type { Bound } from './chain.js';
import { withMeta } from './meta.js';

/** What binding a plugin needs besides its configuration. */
export interface BindContext {
  readonly plugins: ReadonlyMap<string, Plugin>;
  readonly config: LinkedConfig;
  readonly scope: Scope;
  /** Checks options that no schema of the file describes; whether they are accepted. */
  readonly check: (plugin: string, options: unknown, path: Path, report: Report) => boolean;
  /** Whether anything outside is asked. */
  readonly lively: boolean;
  /** What places of a plugin tell each other, by the plugin's name. */
  readonly together: Map<string, Map<string, unknown>>;
  /** Where the schema does not accept what is switched off; undefined where nobody asks what else is wrong with it. */
  readonly switchedOff?: readonly Path[] | undefined;
  /** Gone once the table is made: what was compiled may hold on to its binding, and must not hold the document with it. */
  report: Report | undefined;
  /** Told of what plugins meet while the table serves. */
  readonly tell: (event: PluginEvent) => void;
}

/** The plugins of one place by name, compiled; undefined for one that is switched off there. */
export type BoundPlace = ReadonlyMap<string, Bound | undefined>;

/** Compiles the plugins of one place. */
export function bindPlace({ plugins, owner, path }: PluginPlace, context: BindContext): BoundPlace {
  const place = new Map<string, Bound | undefined>();
  for (const [name, config] of Object.entries(plugins)) {
    const handlers = bind(name, config, owner, [...path, 'plugins', name], context);
    place.set(name, handlers && { plugin: name, owner, priority: config._meta?.priority ?? context.plugins.get(name)?.priority ?? 0, handlers });
  }
  return place;
}

/** `_meta` is dealt with here alone: no plugin knows of it. Undefined when it switches the plugin off. */
function bind(name: string, config: PluginConfig, owner: string, path: Path, context: BindContext): Handlers | undefined {
  const { _meta, ...options } = config;
  const plugin = context.plugins.get(name);
  if (!plugin) return undefined;
  if (_meta?.disable === true) return doubtDisabled(plugin, options, owner, path, context);
  const needs: Needs = { body: undefined };
  const handlers = plugin.compile(options, binding(plugin, owner, path, needs, context));
  const filter = _meta?.filter && compiledExpression(_meta.filter, [...path, '_meta', 'filter'], needs, context);
  const ready = withMeta(handlers, _meta?.error_response, filter);
  return needs.body ? withBody(ready, needs.body) : ready;
}

/** What is switched off is compiled for what its author should know before it is switched on, and let go. */
function doubtDisabled(plugin: Plugin, options: Omit<PluginConfig, '_meta'>, owner: string, path: Path, context: BindContext): undefined {
  const { report } = context;
  const refused = context.switchedOff?.some((place) => path.every((step, i) => place[i] === step));
  // what the schema does not accept was told of, and is nothing to compile
  if (!report || refused !== false) return;
  const own = report.apart();
  const scope = new Store().scope();
  plugin.compile(options, binding(plugin, owner, path, { body: undefined }, { ...context, report: own, scope, together: new Map() }));
  scope.release();
  report.takeAsWarnings(own);
}

/** What the variables that a plugin configuration names ask for. */
interface Needs {
  body: BodyNeed | undefined;
}

function binding(plugin: Plugin, owner: string, path: Path, needs: Needs, context: BindContext): Binding<never> {
  const { config, scope } = context;
  return {
    variable(name, within) {
      const found = variable(name);
      if (!found) return unknownVariable(name, [...path, ...within], context);
      needs.body = greaterNeed(needs.body, found.needs);
      return (x) => textOf(found.get(x));
    },
    template: (text, within) => compiledTemplate(text, [...path, ...within], needs, context).render,
    combination: (text, within) => compiledTemplate(text, [...path, ...within], needs, context).combine,
    expression: (rules, within) => compiledExpression(rules, [...path, ...within], needs, context),
    regex: (source, flags, within) => compiledRegex(source, flags, [...path, ...within], context),
    owner,
    credentials: config.credentials.get(plugin.name) ?? new Map(),
    // of the type that the plugin's own schema has, which checked it
    metadata: metadataOf(plugin, config) as never,
    consumer: (username) => config.consumers.get(username),
    retain: (key, create) => scope.retain(`${plugin.name} ${owner} ${key}`, create),
    share: (key, create) => scope.retain(`${plugin.name} * ${key}`, create),
    lively: context.lively,
    together: togetherOf(plugin, context),
    nested: (name, options, within, kind) => nested(name, options, kind, owner, [...path, ...within], context),
    reject: (within, message) => context.report?.error('plugin-rejected', [...path, ...within], message),
    warn: (within, message) => context.report?.warning('plugin-rejected', [...path, ...within], message),
    tell: tellOf(plugin.name, owner, context),
    warnOfMissingConsumer(within, username, consequence) {
      const near = context.report?.near(username, config.consumers);
      context.report?.warning('dangling-reference', [...path, ...within], `there is no consumer \`${username}\`: ${consequence}`, { hint: near === undefined ? 'add it to `consumers`' : `did you mean \`${near}\`?` });
    },
  };
}

/** By itself: what outlives a reload may hold on to it, and must not hold the configuration with it. */
function tellOf(plugin: string, owner: string, { tell }: BindContext): (message: string) => void {
  return (message) => tell({ plugin, owner, message });
}

function metadataOf({ name }: Plugin, { metadata }: LinkedConfig): object | undefined {
  const found = metadata.get(name);
  if (!found) return undefined;
  const { id: _, ...options } = found;
  return options;
}

function togetherOf({ name }: Plugin, { together }: BindContext): Map<string, unknown> {
  const found = together.get(name) ?? new Map<string, unknown>();
  together.set(name, found);
  return found;
}

function nested(name: string, options: unknown, kind: 'auth' | undefined, owner: string, path: Path, context: BindContext): Handlers | undefined {
  const { plugins, report, check } = context;
  if (!report) throw new Error('plugins are compiled at load alone');
  const plugin = plugins.get(name);
  if (plugin && kind === 'auth' && !authenticates(plugin)) {
    report.error('plugin-rejected', path, `\`${name}\` does not tell who calls`, { spot: 'key', hint: `of these one must stand here: ${[...plugins.values()].filter(authenticates).map((other) => other.name).join(', ')}` });
    return undefined;
  }
  if (plugin) return check(name, options, path, report) ? bind(name, options as PluginConfig, owner, path, context) : undefined;
  const near = suggest(name, plugins.keys());
  report.error('unknown-plugin', path, report.isSecretName(name) ? 'there is no plugin of this name' : `there is no plugin \`${name}\``, { spot: 'key', hint: near === undefined ? `plugins: ${[...plugins.keys()].join(', ')}` : `did you mean \`${near}\`?` });
  return undefined;
}

function compiledTemplate(text: string, path: Path, needs: Needs, context: BindContext): Template {
  const compiled = template(text, (name) => void unknownVariable(name, path, context));
  needs.body = greaterNeed(needs.body, compiled.needs);
  return compiled;
}

function compiledExpression(rules: unknown, path: Path, needs: Needs, context: BindContext): (x: Exchange) => boolean {
  const complain = ({ code, path: within, message, hint }: Complaint): void => context.report?.error(code, [...path, ...within], message, { hint });
  const { test, needs: body } = expression(rules, complain);
  needs.body = greaterNeed(needs.body, body);
  return test;
}

function compiledRegex(source: string, flags: string, path: Path, { report }: BindContext): Regex {
  const result = compileRegex(source, flags);
  if (isRegex(result)) return result;
  report?.error('wrong-value', path, `this regular expression: ${result.message}`, { hint: result.hint });
  return NEVER;
}

const NEVER: Regex = { test: () => false, exec: () => null };

function unknownVariable(name: string, path: Path, { report }: BindContext): () => undefined {
  report?.error('unknown-variable', path, `there is no variable \`${name}\``, { hint: hintFor(name) });
  return () => undefined;
}
