import type { Exchange, Handlers, Step } from '../plugins/plugin.js';

/**
 * Handlers that run for requests which a filter lets through. It is asked once for each request, by the first phase that
 * comes, and its answer holds for all of them.
 */
export function withFilter(handlers: Handlers, filter: (x: Exchange) => boolean): Handlers {
  const passes = (x: Exchange): boolean => {
    const known = x.notes.get(passes);
    if (typeof known === 'boolean') return known;
    const answer = filter(x);
    x.notes.set(passes, answer);
    return answer;
  };
  const { rewrite, access, headerFilter, log } = handlers;
  const step = (phase: (x: Exchange) => Step) => (x: Exchange): Step => (passes(x) ? phase(x) : undefined);
  return {
    ...(rewrite && { rewrite: step(rewrite) }),
    ...(access && { access: step(access) }),
    ...(headerFilter && { headerFilter: (x, head) => void (passes(x) && headerFilter(x, head)) }),
    ...(log && { log: (x) => void (passes(x) && log(x)) }),
  };
}
