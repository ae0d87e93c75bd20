import type { Exchange, Handlers, Reply, Step } from '../plugins/plugin.js';
import type { Meta } from '../schema/route.js';
import { withFilter } from './filter.js';

/** The handlers of a plugin as its `_meta` has them, but for `disable` and `priority`, which decide whether and when they run. */
export function withMeta(handlers: Handlers, errorResponse: Meta['error_response'], filter: ((x: Exchange) => boolean) | undefined): Handlers {
  const free = detached(handlers);
  const worded = errorResponse === undefined ? free : withErrorResponse(free, errorResponse);
  return filter ? withFilter(worded, filter) : worded;
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
