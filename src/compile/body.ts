import type { Exchange, Handlers, Step } from '../plugins/plugin.js';
import { readBody } from '../variables/post.js';
import type { BodyNeed } from '../variables/variable.js';

/** Handlers that find the body read: the variables which they ask for are in it. */
export function withBody(handlers: Handlers, need: BodyNeed): Handlers {
  const { rewrite, access } = handlers;
  if (!rewrite && !access) return { ...handlers, rewrite: (x) => readBody(x, need) };
  const step = (phase: (x: Exchange) => Step) => (x: Exchange): Step => (x.details.body ? phase(x) : afterBody(phase, x, need));
  return { ...handlers, ...(rewrite && { rewrite: step(rewrite) }), ...(access && { access: step(access) }) };
}

async function afterBody(phase: (x: Exchange) => Step, x: Exchange, need: BodyNeed): Promise<Awaited<Step>> {
  return await readBody(x, need) ?? phase(x);
}
