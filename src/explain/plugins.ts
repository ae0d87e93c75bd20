import type { Bound, Chain } from '../compile/chain.js';
import type { ExplainedPlugin } from './explanation.js';
import { placeOfPlugin } from './places.js';
import type { Scene } from './scene.js';
import type { Act } from './trace.js';

/** What each plugin does, in the order of the chains that the request goes through. */
export function pluginsOf(scene: Scene): ExplainedPlugin[] {
  const { exchange: x } = scene.observed;
  if (!x) return [];
  const first = x.route?.chain ?? x.table.unrouted;
  const steps = [...stepsOf(first, 'rewrite'), ...(x.chain === first ? [] : stepsOf(x.chain, 'rewrite')), ...stepsOf(x.chain, 'access')];
  let over = false;
  return steps.map(({ bound, phase }) => {
    const explained = one(bound, phase, over, scene);
    over ||= explained.outcome === 'answers' || explained.outcome === 'fails';
    return explained;
  });
}

interface PhaseStep {
  readonly bound: Bound;
  readonly phase: Act['phase'];
}

/** Whose handlers a chain has in a phase. */
function stepsOf(chain: Chain, phase: Act['phase']): PhaseStep[] {
  const handlers = new Set(chain[phase]);
  return chain.plugins.flatMap((bound) => (bound.handlers[phase] && handlers.has(bound.handlers[phase]) ? [{ bound, phase }] : []));
}

function one({ plugin, owner, priority }: Bound, phase: Act['phase'], over: boolean, { acts, mask, ...scene }: Scene): ExplainedPlugin {
  const at = acts.findIndex((act) => act.depth === 0 && act.plugin === plugin && act.owner === owner && act.phase === phase);
  const act = acts[at];
  const outcome = act?.outcome.kind ?? (over ? 'not-reached' : 'filtered');
  return {
    plugin, source: owner, place: placeOfPlugin(owner, plugin, scene), phase, priority, outcome, changes: (act?.changes ?? []).map(mask),
    inner: at < 0 ? [] : innerOf(acts, at).map((inner) => ({ plugin: inner.plugin, source: inner.owner, phase: inner.phase, outcome: inner.outcome.kind, changes: inner.changes.map(mask), inner: [] })),
  };
}

/** What a plugin ran itself: what was taken down while it ran. */
function innerOf(acts: readonly Act[], at: number): readonly Act[] {
  const end = acts.findIndex((act, i) => i > at && act.depth === 0);
  return acts.slice(at + 1, end < 0 ? acts.length : end);
}
