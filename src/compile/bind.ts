import type { Path } from '../diagnostics/diagnostic.js';
import { suggest } from '../diagnostics/suggest.js';
import type { LinkedConfig } from '../config/linked.js';
import type { Report } from '../config/report.js';
import type { Binding, Exchange, Handlers, Plugin, Reply, Step } from '../plugins/plugin.js';
import type { Meta, PluginConfigs } from '../schema/route.js';
import type { Scope } from '../state/store.js';
import type { Bound } from './chain.js';

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
    const handlers = plugin.compile(options, binding(plugin, owner, [...path, 'plugins', name], context));
    return [{ plugin: name, priority: _meta?.priority ?? plugin.priority, handlers: withErrorResponse(handlers, _meta?.error_response) }];
  });
}

function binding(plugin: Plugin, owner: string, path: Path, context: BindContext): Binding {
  const { config, scope } = context;
  return {
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
