import { ruleOf } from '../compile/compile.js';
import { Matcher, type Rule } from '../compile/matcher.js';
import type { Route } from '../compile/route.js';
import type { LinkedRoute } from '../config/linked.js';
import type { Exchange } from '../proxy/exchange.js';
import type { OtherRoute } from './explanation.js';
import type { Scene } from './scene.js';

/**
 * Routes that the request does not meet although their paths fit, and why: those that are tried, in the order in which
 * they are; then the rest. Each condition is put to the matcher of the data path by itself.
 */
export function othersOf({ observed: { exchange: x }, linked, document }: Scene): OtherRoute[] {
  if (!x) return [];
  const all = linked.routes.flatMap((route, i) => asked(route, x.table.routes[i], x)).filter(({ misfits }) => !misfits.includes('path'));
  const met = all.find(({ linked: { id } }) => id === x.route?.id);
  const reached = all.filter(({ misfits }) => !misfits.includes('host') && !misfits.includes('status'));
  const tried = inOrder(reached, x);
  return [...tried, ...all.filter((one) => !tried.includes(one))].flatMap((one): OtherRoute[] => {
    if (one === met) return [];
    const { id, path, config } = one.linked;
    const because = one.misfits.length > 0 ? one.misfits.map((misfit) => WORDS[misfit](one.linked)).join(', and ') : `it fits as well, and ${x.route?.id ?? 'another'} comes before it`;
    return [{ route: id, name: config.name, place: document.locate(path), because }];
  });
}

type Condition = 'path' | 'host' | 'method' | 'status';

/** Why a route does not fit, in words. */
const WORDS: Readonly<Record<Condition, (route: LinkedRoute) => string>> = {
  path: ({ config }) => `its path is ${listed(config.uris ?? [config.uri ?? ''])}`,
  host: ({ hosts }) => `its host is ${listed(hosts)}`,
  method: ({ config }) => `it takes ${listed(config.methods ?? [])}`,
  status: () => 'it is out of service (`status: 0`)',
};

const listed = (texts: readonly string[]): string => (texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`);

interface Asked {
  readonly linked: LinkedRoute;
  readonly rule: Rule;
  readonly misfits: readonly Condition[];
}

/** Which of its conditions a route fails in, each asked by itself. */
function asked(linked: LinkedRoute, route: Route | undefined, x: Exchange): Asked[] {
  // a table has the routes of its configuration, in their order
  if (!route) return [];
  const rule = ruleOf(linked, route);
  const alone: Readonly<Record<Exclude<Condition, 'status'>, Rule>> = {
    path: { ...open(rule), uris: rule.uris },
    host: { ...open(rule), hosts: rule.hosts },
    method: { ...open(rule), route: rule.route },
  };
  const misfits = (['path', 'host', 'method'] as const).filter((condition) => !met([alone[condition]], x));
  return [{ linked, rule, misfits: linked.config.status === 0 ? ['status', ...misfits] : misfits }];
}

/** A rule that every request fits. */
const open = (rule: Rule): Rule => ({ ...rule, uris: ['/*'], hosts: [], route: { ...rule.route, methods: undefined } });

/** The route that a request would meet if there were these rules alone. */
const met = (rules: readonly Rule[], x: Exchange): Route | undefined => new Matcher(rules).find(x.method, x.host, x.uri);

/** Routes in the order in which they are tried: the one that is met first once nothing but path and host counts, then the next one. */
function inOrder(all: readonly Asked[], x: Exchange): Asked[] {
  const left = new Map(all.map((one) => [one, { ...one.rule, route: { ...one.rule.route, methods: undefined } }]));
  const ordered: Asked[] = [];
  for (let found = met([...left.values()], x); found; found = met([...left.values()], x)) {
    const [one] = [...left].find(([, { route }]) => route === found) ?? [];
    if (!one) break;
    left.delete(one);
    ordered.push(one);
  }
  return ordered;
}
