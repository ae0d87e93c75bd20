import type { Exchange, Handlers, Reply, Step } from '../plugins/plugin.js';
import type { Meta } from '../schema/route.js';

/** The handlers of a plugin as its `_meta` has them; apart from `disable` and `priority`, which decide whether and when they run. */
export function withMeta(handlers: Handlers, meta: Meta | undefined): Handlers {
  const free = detached(handlers);
  return meta?.error_response === undefined ? free : withErrorResponse(free, meta.error_response);
}

/** Handlers that can be called by themselves: a chain holds functions, and no objects. */
function detached(handlers: Handlers): Handlers {
  const { rewrite, access, headerFilter, log } = handlers;
  return {
    ...(rewrite && { rewrite: rewrite.bind(handlers) }), ...(access && { access: access.bind(handlers) }),
    ...(headerFilter && { headerFilter: headerFilter.bind(handlers) }), ...(log && { log: log.bind(handlers) }),
  };
}

/** Replaces the body of replies of status 400 and above; status and headers stay. */
function withErrorResponse(handlers: Handlers, body: Meta['error_response']): Handlers {
  const replace = (reply: Reply | undefined): Reply | undefined => (reply && reply.status >= 400 ? { ...reply, body } : reply);
  const wrap = (phase: (x: Exchange) => Step) => (x: Exchange): Step => {
    const step = phase(x);
    return step instanceof Promise ? step.then(replace) : replace(step);
  };
  const { rewrite, access } = handlers;
  return { ...handlers, ...(rewrite && { rewrite: wrap(rewrite) }), ...(access && { access: wrap(access) }) };
}
