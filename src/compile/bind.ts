import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import type { LinkedConfig } from '../config/linked.js';
import type { Report } from '../config/report.js';
import { expression, hintFor, type Complaint } from '../expressions/expression.js';
import type { Binding, Exchange, Handlers, Plugin, Reply, Step } from '../plugins/plugin.js';
import type { Meta, PluginConfigs } from '../schema/route.js';
import type { Scope } from '../state/store.js';
import { template } from '../variables/template.js';
import { textOf } from '../variables/text.js';
import { variable } from '../variables/variable.js';
import type { Bound } from './chain.js';
import { withFilter } from './filter.js';

/** What binding a plugin needs besides its configuration. */
export interface BindContext {
  readonly plugins: ReadonlyMap<string, Plugin>;
  readonly config: LinkedConfig;
  readonly scope: Scope;
  /** Gone once the table is made: what was compiled may hold on to its binding, and must not hold the document with it. */
  report: Report | undefined;
}

/** Compiles the plugins of one place. `_meta` is dealt with here alone: no plugin knows of it. */
export function bindAll(configs: PluginConfigs, owner: string, path: Path, context: BindContext): Bound[] {
  return Object.entries(configs).flatMap(([name, { _meta, ...options }]) => {
    const plugin = context.plugins.get(name);
    if (!plugin || _meta?.disable === true) return [];
    const at = [...path, 'plugins', name];
    const needs: Needs = { body: false };
    const compiled = withErrorResponse(plugin.compile(options, binding(plugin, owner, at, needs, context)), _meta?.error_response);
    const filter = _meta?.filter && compiledExpression(_meta.filter, [...at, '_meta', 'filter'], needs, context);
    return [{ plugin: name, priority: _meta?.priority ?? plugin.priority, handlers: filter ? withFilter(compiled, filter) : compiled, needsBody: needs.body }];
  });
}

/** What the variables that a plugin configuration names ask for. */
interface Needs {
  body: boolean;
}

function binding(plugin: Plugin, owner: string, path: Path, needs: Needs, context: BindContext): Binding {
  const { config, scope } = context;
  return {
    variable(name, within) {
      const found = variable(name);
      if (!found) return unknownVariable(name, [...path, ...within], context);
      needs.body ||= found.needsBody;
      return (x) => textOf(found.get(x));
    },
    template(text, within) {
      const compiled = template(text, (name) => void unknownVariable(name, [...path, ...within], context));
      needs.body ||= compiled.needsBody;
      return compiled.render;
    },
    expression: (rules, within) => compiledExpression(rules, [...path, ...within], needs, context),
    owner,
    credentials: config.credentials.get(plugin.name) ?? new Map(),
    consumer: (username) => config.consumers.get(username),
    retain: (key, create) => scope.retain(`${plugin.name} ${owner} ${key}`, create),
    reject: (within, message) => context.report?.error('plugin-rejected', [...path, ...within], message),
    warn: (within, message) => context.report?.warning('plugin-rejected', [...path, ...within], message),
    warnOfMissingConsumer(within, username, consequence) {
      const near = suggest(username, config.consumers.keys());
      context.report?.warning('dangling-reference', [...path, ...within], `there is no consumer \`${username}\`: ${consequence}`, { hint: near === undefined ? 'add it to `consumers`' : `did you mean \`${near}\`?` });
    },
  };
}

function compiledExpression(rules: unknown, path: Path, needs: Needs, context: BindContext): (x: Exchange) => boolean {
  const complain = ({ code, path: within, message, hint }: Complaint): void => context.report?.error(code, [...path, ...within], message, { hint });
  const { test, needsBody } = expression(rules, complain);
  needs.body ||= needsBody;
  return test;
}

function unknownVariable(name: string, path: Path, { report }: BindContext): () => undefined {
  report?.error('unknown-variable', path, `there is no variable \`${name}\``, { hint: hintFor(name) });
  return () => undefined;
}

/** Replaces the body of replies of status 400 and above; status and headers stay. */
function withErrorResponse(handlers: Handlers, body: Meta['error_response']): Handlers {
  if (body === undefined) return handlers;
  const replace = (reply: Reply | undefined): Reply | undefined => (reply && reply.status >= 400 ? { ...reply, body } : reply);
  const wrap = (phase: (x: Exchange) => Step) => (x: Exchange): Step => {
    const step = phase(x);
    return step instanceof Promise ? step.then(replace) : replace(step);
  };
  const { rewrite, access } = handlers;
  return { ...handlers, ...(rewrite && { rewrite: wrap(rewrite.bind(handlers)) }), ...(access && { access: wrap(access.bind(handlers)) }) };
}
